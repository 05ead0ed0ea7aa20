import { describe, expect, it } from 'vitest'
import { hostFromEnvironment, isCloudName, isLoopback, ollamaUrl } from '../../../electron/core/summary/host.ts'
import { buildPrompt, chatBody } from '../../../electron/core/summary/prompt.ts'
import { redacted } from '../../../electron/core/summary/redact.ts'
import { asked } from './bench.ts'

describe('the prompt', () => {
  it('shows the payload datamarked, without hidden characters, caret and line breaks', () => {
    const { messages } = buildPrompt({ ...asked, title: 'two  words\nand ^ a \u202ecaret\u200b' }, 'en', 'f'.repeat(32))
    expect(messages[1]!.content.split('\n')).toHaveLength(3)
    expect(messages[1]!.content).toContain('"title":"two^words^and^\u02c4^a^caret"')
    expect(messages[1]!.content).not.toMatch(/[ \t\u202e\u200b]/)
  })

  it('is cut in bytes, well below the context, and says how much it covers', () => {
    for (const text of ['x'.repeat(250_000), '漢字'.repeat(50_000), '🙂'.repeat(50_000), ' '.repeat(250_000)]) {
      const prompt = buildPrompt({ ...asked, data: { text, last: 'y'.repeat(9000) } }, 'de')
      const bytes = prompt.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
      expect(bytes + 512).toBeLessThan(8192)
      expect(prompt.covered_bytes).toBeLessThan(prompt.total_bytes)
      expect(prompt.messages[0]!.content).toContain(
        `Only the first ${prompt.covered_bytes} of ${prompt.total_bytes} bytes are shown.`,
      )
      expect(prompt.messages[1]!.content.isWellFormed()).toBe(true)
      expect(prompt.messages[1]!.content).not.toContain('\ufffd')
    }
    const whole = buildPrompt(asked, 'en')
    expect(whole.covered_bytes).toBe(whole.total_bytes)
    expect(whole.messages[0]!.content).not.toContain('Only the first')
  })

  it('has a new marker each time and the same template', () => {
    const [a, b, german] = [buildPrompt(asked, 'en'), buildPrompt(asked, 'en'), buildPrompt(asked, 'de')]
    expect(a.messages[1]!.content).not.toBe(b.messages[1]!.content)
    expect([a.template_sha256, a.payload_sha256]).toEqual([b.template_sha256, b.payload_sha256])
    expect(german.template_sha256).not.toBe(a.template_sha256)
    expect(german.payload_sha256).toBe(a.payload_sha256)
    expect(Object.keys(chatBody('m', a, undefined))).not.toContain('think')
  })

  it('asks for German where the host speaks it, and says nothing of a language otherwise', () => {
    const system = (language: 'en' | 'de') => buildPrompt(asked, language, 'f'.repeat(32)).messages[0]!.content
    expect(system('de')).toContain('in German (Deutsch)')
    expect(system('de')).toContain('Copy names, identifiers, amounts and dates unchanged.')
    expect(system('en')).not.toContain('German')
    expect(system('de').startsWith(system('en'))).toBe(true)
  })

  it('holds no secrets', () => {
    const secret = 'hunter2hunter2'
    const data = {
      password: secret,
      api_key: secret,
      apiKey: secret,
      accessToken: secret,
      db: { DB_PASSWORD: secret, 'x-token': secret, list: [{ secret }] },
      header: `Authorization: Bearer ${secret}`,
      url: `https://user:${secret}@host.example/`,
      env: `PASSWORD=${secret} token: ${secret}`,
      key: `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
      jwt: `eyJ${secret}.${secret}.${secret}`,
      github: `ghp_${secret}`,
      author: 'kept',
      compass: 'kept',
      secretary: null,
    }
    const text = JSON.stringify(redacted(data))
    expect(text).not.toContain(secret)
    expect(JSON.parse(text)).toMatchObject({ author: 'kept', compass: 'kept', url: 'https://[redacted]@host.example/' })
  })
})

describe("Ollama's host", () => {
  it('is understood as people write it; a bind address means this machine', () => {
    const written = [
      '127.0.0.1',
      ':1234',
      'box',
      'http://box',
      'https://box/',
      '0.0.0.0',
      'http://[::]:11434',
      'http://box:1/ollama/',
      '0.0.0.0:8080',
    ]
    expect(written.map(ollamaUrl)).toEqual([
      'http://127.0.0.1:11434',
      'http://127.0.0.1:1234',
      'http://box:11434',
      'http://box:80',
      'https://box:443',
      'http://127.0.0.1:11434',
      'http://[::1]:11434',
      'http://box:1/ollama',
      'http://127.0.0.1:8080',
    ])
    expect(
      [
        '',
        'ftp://box',
        'http://',
        'two words',
        'http://a:b@box',
        'https://ollama.com',
        'https://api.ollama.com',
        'ollama.com.',
      ].map(ollamaUrl),
    ).toEqual(Array(8).fill(null))
  })

  it('is taken from the environment only when it is this machine', () => {
    expect([hostFromEnvironment('0.0.0.0'), hostFromEnvironment('10.0.0.5'), hostFromEnvironment(undefined)]).toEqual([
      'http://127.0.0.1:11434',
      null,
      null,
    ])
    expect(['http://localhost:1', 'http://[::1]:1', 'http://127.9.9.9:1', 'http://127.example:1'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('knows the names of cloud models', () => {
    expect(['gpt-oss:120b-cloud', 'x:cloud', 'llama3.2', 'cloud', 'cloudy:8b'].map(isCloudName)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
