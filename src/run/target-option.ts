/** The target that is meant when none is named. */
export const DEFAULT_TARGET = 'dev'

/** What a command of the command line needs to work in a target: ` --target prod`; nothing for the default. */
export function targetOption(targetName: string): string {
  return targetName === DEFAULT_TARGET ? '' : ` --target ${targetName}`
}
