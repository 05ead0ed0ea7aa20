/** A program in one of these can send its first request by copy and paste. */
export const exampleLanguages = ['curl', 'powershell', 'node', 'python'] as const
export type ExampleLanguage = (typeof exampleLanguages)[number]

export const languageNames: Readonly<Record<ExampleLanguage, string>> = {
  curl: 'curl',
  powershell: 'PowerShell',
  node: 'Node',
  python: 'Python',
}

const body = { type: 'refund', title: 'Refund for order 88-1042', amount: '1240.00', currency: 'EUR' }

/** In single quotes for bash: a quote ends the text, stands by itself, and begins it again. */
const bash = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
/** In single quotes for PowerShell, which knows four of them, the typographic ones too. */
const power = (text: string) => `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`
/** JSON is a literal of JavaScript and of Python alike, as long as there is no true, false or null in it. */
const literal = (value: unknown) => JSON.stringify(value)

/** The same request in each language, with the token in it. */
export function requestExample(language: ExampleLanguage, url: string, token: string): string {
  const address = `${url.replace(/\/$/, '')}/requests`
  const json = JSON.stringify(body)
  switch (language) {
    case 'curl':
      return [
        `curl -sS ${bash(address)}`,
        `-H ${bash(`Authorization: Bearer ${token}`)}`,
        `-H 'Content-Type: application/json'`,
        `-d ${bash(json)}`,
      ].join(' \\\n  ')
    case 'powershell':
      return [
        `Invoke-RestMethod -Method Post -Uri ${power(address)}`,
        `-Headers @{ Authorization = ${power(`Bearer ${token}`)} }`,
        `-ContentType 'application/json'`,
        `-Body ${power(json)}`,
      ].join(' `\n  ')
    case 'node':
      return [
        `const answer = await fetch(${literal(address)}, {`,
        `  method: "POST",`,
        `  headers: { Authorization: ${literal(`Bearer ${token}`)}, "Content-Type": "application/json" },`,
        `  body: JSON.stringify(${literal(body)}),`,
        `})`,
        `console.log(await answer.json())`,
      ].join('\n')
    case 'python':
      return [
        `import json, urllib.request`,
        `request = urllib.request.Request(`,
        `    ${literal(address)},`,
        `    json.dumps(${literal(body)}).encode(),`,
        `    {"Authorization": ${literal(`Bearer ${token}`)}, "Content-Type": "application/json"},`,
        `)`,
        `print(urllib.request.urlopen(request).read().decode())`,
      ].join('\n')
  }
}

type Scheme = 'standard-webhooks' | 'github' | 'slack' | 'stripe' | 'bearer'

const sign = (signed: string, how = '-hmac "$SECRET"') => `$(printf %s "${signed}" | openssl dgst -sha256 ${how} | sed 's/^.* //')`

const signing: Readonly<Record<Scheme, { readonly before: readonly string[]; readonly headers: readonly string[] }>> = {
  bearer: { before: [], headers: ['Authorization: Bearer $SECRET'] },
  github: {
    before: [`SIGNATURE=${sign('$BODY')}`],
    headers: ['X-Hub-Signature-256: sha256=$SIGNATURE', 'X-GitHub-Event: test', 'X-GitHub-Delivery: test-$TIME'],
  },
  slack: {
    before: [`SIGNATURE=${sign('v0:$TIME:$BODY')}`],
    headers: ['X-Slack-Request-Timestamp: $TIME', 'X-Slack-Signature: v0=$SIGNATURE'],
  },
  stripe: { before: [`SIGNATURE=${sign('$TIME.$BODY')}`], headers: ['Stripe-Signature: t=$TIME,v1=$SIGNATURE'] },
  'standard-webhooks': {
    before: [
      `KEY=$(printf %s "\${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`,
      `SIGNATURE=$(printf %s "test-$TIME.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | openssl base64 -A)`,
    ],
    headers: ['webhook-id: test-$TIME', 'webhook-timestamp: $TIME', 'webhook-signature: v1,$SIGNATURE'],
  },
}

/** A signed delivery to a hook, for a terminal in which SECRET is set. */
export function hookExample(scheme: Scheme, url: string, path: string): string {
  const { before, headers } = signing[scheme]
  return [
    `TIME=$(date +%s)`,
    `BODY='{"test":true}'`,
    ...before,
    [
      `curl -sS ${bash(url.replace(/\/$/, '') + path)}`,
      ...headers.map((header) => `-H "${header}"`),
      `-H 'Content-Type: application/json'`,
      `-d "$BODY"`,
    ].join(' \\\n  '),
  ].join('\n')
}
