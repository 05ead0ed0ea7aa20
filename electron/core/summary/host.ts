const defaultPort = '11434'

/** Where Ollama is when nothing else is said. */
export const defaultOllamaHost = `http://127.0.0.1:${defaultPort}`

/**
 * The base URL behind what people write for Ollama's host: `:1234`, `box`, `box:1234`, `0.0.0.0`, a whole URL. A bind address means
 * this machine. Null when it is none, names credentials, or is Ollama's hosted service.
 */
export function ollamaUrl(written: string): string | null {
  const text = written.trim()
  if (text === '' || /\s/.test(text)) return null
  const hasScheme = text.includes('://')
  let url: URL
  try {
    url = new URL(hasScheme ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`)
  } catch {
    return null
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.search !== '' || url.hash !== '')
    return null
  if (/(?:^|\.)ollama\.com\.*$/i.test(url.hostname)) return null
  const host = url.hostname === '0.0.0.0' ? '127.0.0.1' : url.hostname === '[::]' ? '[::1]' : url.hostname
  const schemePort = url.protocol === 'https:' ? '443' : '80'
  const port = url.port !== '' ? url.port : hasScheme ? schemePort : defaultPort
  return `${url.protocol}//${host}:${port}${url.pathname.replace(/\/+$/, '')}`
}

/** Whether requests to this address stay on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** `OLLAMA_HOST` as a base URL; only an address of this machine is taken from the environment, any other must be in `config.yaml`. */
export function hostFromEnvironment(value: string | undefined): string | null {
  const url = value === undefined ? null : ollamaUrl(value)
  return url !== null && isLoopback(url) ? url : null
}

/** Names that Ollama forwards to its hosted service, through the same local port. */
export const isCloudName = (model: string): boolean => /(?::|-)cloud$/i.test(model.trim())
