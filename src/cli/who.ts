import { hostname, userInfo } from 'node:os'

/** Who sits at this machine, where nobody gave a name. */
export function whoami(): string {
  return `${userInfo().username}@${hostname()}`
}
