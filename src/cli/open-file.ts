import { spawn } from 'node:child_process'
import { platform } from 'node:os'
import { pathToFileURL } from 'node:url'
import { WrongUsage } from '../errors/wrong-usage.ts'

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

/** Hands a file to the program that this machine shows it with. @throws WrongUsage where there is none */
export async function openFile(path: string): Promise<void> {
  const [command, ...args] = openers[platform()] ?? ['xdg-open']
  const child = spawn(command!, [...args, pathToFileURL(path).href], { stdio: 'ignore', detached: true })
  await new Promise<void>((opened, failed) => {
    child.once('spawn', opened)
    child.once('error', () =>
      failed(new WrongUsage(`This machine has no ${command!} to open ${path} with.`, 'Open the file by hand.')),
    )
  })
  child.unref()
}
