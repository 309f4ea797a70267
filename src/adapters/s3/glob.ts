import { ConfigInvalid } from '../../errors/config-invalid.ts'

/**
 * A pattern over keys, as the engine's `glob` reads one over paths: `*` any characters but a slash, `?` one of them, `**` any folders,
 * `[abc]`, `[a-c]` and `[!a]` one character. Everything before the first of them narrows what S3 has to list.
 */
export function compileGlob(pattern: string): {
  readonly prefix: string
  readonly matches: (key: string) => boolean
} {
  const source = pattern.replaceAll(
    /(?<folders>\*\*\/)|(?<anything>\*\*)|(?<some>\*)|(?<one>\?)|\[(?<not>!?)(?<set>[^\]]+)\]|(?<literal>[\s\S])/g,
    (...match) => {
      const found = match.at(-1) as Record<string, string | undefined>
      if (found.folders) return '(?:[^/]+/)*'
      if (found.anything) return '.*'
      if (found.some) return '[^/]*'
      if (found.one) return '[^/]'
      if (found.set) return `[${found.not ? '^/' : ''}${found.set.replaceAll(/[\\^[]/g, '\\$&')}]`
      return found.literal!.replace(/[\\^$.|+(){}[\]/]/, '\\$&')
    },
  )
  const expression = parse(pattern, source)
  return { prefix: pattern.slice(0, pattern.search(/[*?[]|$/)), matches: (key) => expression.test(key) }
}

function parse(pattern: string, source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'us')
  } catch (error) {
    throw new ConfigInvalid(
      `"${pattern}" is no pattern of file names.`,
      'Write a range from the lower to the higher character: [0-9], [a-f].',
      { cause: error },
    )
  }
}
