/** A server program that is built or fetched once a machine. */
export interface ServerProgram {
  /** The name of its executable. */
  readonly name: string
  /** What people call it. */
  readonly title: string
  readonly version: string
  readonly goPackage: string
  /** How long the build takes, for the line that asks for patience. */
  readonly buildTakes: string
  /** Where an official build can be fetched as .tar.gz; undefined for systems without one. */
  download?(platform: string, architecture: string): string | undefined
  /** What else the reader can do: the environment variable that points to a server of their own. */
  readonly variable: string
}

/** One way to get a program: puts the executable into `folder` under the program's name, or throws and says why not. */
export type Maker = (program: ServerProgram, folder: string, context: MakerContext) => Promise<void>

export interface MakerContext {
  /** Environment of child processes. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal | undefined
  onStep(line: string): void
}

export const TEMPORAL: ServerProgram = {
  name: 'temporal',
  title: 'the Temporal server',
  version: '1.5.1',
  goPackage: 'github.com/temporalio/cli/cmd/temporal',
  buildTakes: '5 to 7 minutes on two cores, needs 4 GB for its caches',
  download(platform, architecture) {
    const system = platform === 'linux' || platform === 'darwin' ? platform : undefined
    const processor = architecture === 'x64' ? 'amd64' : architecture === 'arm64' ? 'arm64' : undefined
    if (!system || !processor) return undefined
    return `https://temporal.download/cli/archive/v${TEMPORAL.version}?platform=${system}&arch=${processor}`
  },
  variable: 'TEMPORAL_ADDRESS',
}

export const VERSITYGW: ServerProgram = {
  name: 'versitygw',
  title: 'the S3 server',
  version: '1.8.0',
  goPackage: 'github.com/versity/versitygw/cmd/versitygw',
  buildTakes: 'about 2 minutes on two cores',
  variable: 'S3_ENDPOINT',
}
