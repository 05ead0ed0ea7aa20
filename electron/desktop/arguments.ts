/** What the desktop understands on its command line. Chromium's and the system's own switches stand among them. */
export type DesktopArguments = { readonly home: string | null; readonly port: number | null; readonly owner: string | null }

export function readArguments(args: readonly string[]): DesktopArguments {
  const port = Number(valueAfter(args, 'port') ?? Number.NaN)
  return {
    home: valueAfter(args, 'home'),
    port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null,
    owner: valueAfter(args, 'owner'),
  }
}

function valueAfter(args: readonly string[], name: string): string | null {
  const joined = args.find((arg) => arg.startsWith(`--${name}=`))
  if (joined) return joined.slice(name.length + 3) || null
  const index = args.indexOf(`--${name}`)
  const next = index < 0 ? undefined : args[index + 1]
  return next && !next.startsWith('--') ? next : null
}
