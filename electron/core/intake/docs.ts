import { catalogue } from '../../../shared/contract/errors.ts'
import type { OpenApiDocument, Operation, Schema } from './openapi.ts'

type Entry = { readonly method: string; readonly path: string; readonly operation: Operation }

/** The OpenAPI document as one page that needs no script: what there is, what it takes, how to call it, how it fails. */
export function toDocsPage(document: OpenApiDocument, baseUrl: string): string {
  const groups = groupByTag(document)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign HTTP API</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<nav aria-label="Contents">
<a href="#start">Start here</a>
${[...groups].map(([tag, entries]) => `<h2>${escapeHtml(tag)}</h2>\n<ul>\n${entries.map(toLink).join('\n')}\n</ul>`).join('\n')}
<h2>Reference</h2>
<ul><li><a href="#failures">Failures</a></li><li><a href="/openapi.json">openapi.json</a></li></ul>
</nav>
<main>
${introduction(document, baseUrl)}
${[...groups].map(([tag, entries]) => `<section>\n<h2>${escapeHtml(tag)}</h2>\n${entries.map((entry) => toArticle(entry, baseUrl)).join('\n')}\n</section>`).join('\n')}
${failures()}
</main>
</body>
</html>
`
}

function groupByTag(document: OpenApiDocument): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? 'Other'
      const entries = groups.get(tag) ?? []
      entries.push({ method: method.toUpperCase(), path, operation })
      groups.set(tag, entries)
    }
  }
  return groups
}

const toLink = ({ method, path, operation }: Entry): string =>
  `<li><a href="#${escapeHtml(operation.operationId)}"><code>${method} ${escapeHtml(path)}</code></a></li>`

function introduction({ info }: OpenApiDocument, baseUrl: string): string {
  return `<h1 id="start">Countersign HTTP API</h1>
<p>Version ${escapeHtml(info.version)}. ${escapeHtml(info.description ?? '')}</p>
<p>Make a token for your program, then ask for an approval and wait for the answer:</p>
<pre tabindex="0">TOKEN=$(npx countersign token create --name my-script --scope submit)
curl ${escapeHtml(baseUrl)}/requests -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -H 'Idempotency-Key: "order-1042"' \\
  -d '{"type":"refund","title":"Refund 1,240.00 for order 1042","amount":1240}'</pre>
<p>Bodies are JSON in UTF-8, in snake_case. Unknown fields are refused, so that a misspelling is never dropped in silence. A token that
submits never decides. With an <code>Idempotency-Key</code> a request can be repeated safely: the same key with the same body gets the
first answer again, with another body it is refused.</p>`
}

function toArticle({ method, path, operation }: Entry, baseUrl: string): string {
  const body = schemaOf(operation.requestBody)
  const success = Object.entries(operation.responses ?? {}).find(([status]) => Number(status) < 400)
  const output = schemaOf(success?.[1])
  const open = operation.security !== undefined && !operation.security.some((one) => 'bearer' in one)
  return `<article id="${escapeHtml(operation.operationId)}">
<h3><span class="method">${method}</span>${escapeHtml(path)}</h3>
<p>${escapeHtml(toProse(operation))}</p>
${toTable(
  'Parameters',
  (operation.parameters ?? []).map((each) => [each.name, each.schema ?? {}, each.required === true]),
  sent,
)}
${toTable('Body', fieldsOf(body), sent)}
<h4>Example</h4>
<pre tabindex="0">${escapeHtml(toCurl(method, path, operation, body, baseUrl, open))}</pre>
${toTable(`Answer${success ? ` (${success[0]})` : ''}`, fieldsOf(output), answered)}
<p>Fails with ${Object.keys(operation.responses ?? {})
    .filter((status) => Number(status) >= 400)
    .map((status) => `<a href="#status-${status}">${status}</a>`)
    .join(', ')}.</p>
</article>`
}

function toProse({ summary, description, security, 'x-scopes': scopes }: Operation): string {
  const signed = security?.some((one) => 'signature' in one) ? 'Needs a signature' : 'Needs no credential'
  const needs = security === undefined ? scopes && `Needs the scope ${scopes.join(' or ')}` : signed
  return [summary, description, needs]
    .filter((sentence) => sentence !== undefined)
    .map((sentence) => (sentence.endsWith('.') ? sentence : `${sentence}.`))
    .join(' ')
}

const schemaOf = (holder: Operation['requestBody']): Schema | undefined => Object.values(holder?.content ?? {})[0]?.schema

type Field = readonly [name: string, schema: Schema, required: boolean]

function fieldsOf(schema: Schema | undefined): Field[] {
  return Object.entries(schema?.properties ?? {}).map(([name, each]) => [name, each, schema?.required?.includes(name) ?? false])
}

/** How a table says that a field must be there, or need not: of what is sent, and of what is answered. */
type Presence = readonly [required: string, optional: string]
const sent: Presence = ['required', 'optional']
const answered: Presence = ['always there', 'may be missing']

function toTable(title: string, fields: readonly Field[], presence: Presence): string {
  if (fields.length === 0) return ''
  const rows = fields.flatMap(([name, schema, required]) => [
    toRow(name, schema, presence[required ? 0 : 1]),
    ...fieldsOf(schema).map(([inner, each, needed]) => toRow(`${name}.${inner}`, each, presence[needed ? 0 : 1])),
  ])
  return `<h4>${escapeHtml(title)}</h4>
<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Notes</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`
}

const toRow = (name: string, schema: Schema, presence: string): string =>
  `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(toType(schema))}</td><td>${escapeHtml(toNotes(schema, presence))}</td></tr>`

function toType(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return [...new Set(branches.map(toType))].join(' | ')
  if (schema.items) return `list of ${toType(schema.items)}`
  if (schema.type === undefined) return 'any'
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' | ')
}

function toNotes(schema: Schema, presence: string): string {
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, pattern } = schema
  return [
    presence,
    schema.default === undefined ? null : `default ${JSON.stringify(schema.default)}`,
    schema.format ?? null,
    minLength === undefined && maxLength === undefined ? null : `${minLength ?? 0} to ${maxLength ?? 'any number of'} characters`,
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? null : `at least ${minimum}`,
    exclusiveMinimum === undefined ? null : `more than ${exclusiveMinimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : `at most ${maximum}`,
    pattern === undefined ? null : `matches ${pattern}`,
    schema.description ?? null,
  ]
    .filter((note) => note !== null)
    .join(', ')
}

function toCurl(
  method: string,
  path: string,
  operation: Operation,
  body: Schema | undefined,
  baseUrl: string,
  open: boolean,
): string {
  const address = `${baseUrl}${path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => name.toUpperCase())}`
  const flags = method === 'GET' || method === 'POST' ? '' : `-X ${method} `
  const stream = Object.keys(operation.responses?.['200']?.content ?? {}).includes('text/event-stream') ? '-N ' : ''
  const credential = open ? '' : ' -H "Authorization: Bearer $TOKEN"'
  const line = `curl ${stream}${flags}${address}${credential}`
  if (body === undefined || method === 'GET' || method === 'DELETE') return line
  const example = Object.fromEntries(
    fieldsOf(body)
      .filter(([, , required]) => required)
      .map(([name, schema]) => [name, toExample(name, schema)]),
  )
  return `${line} \\\n  -H 'Content-Type: application/json' -d '${JSON.stringify(example)}'`
}

/** A value that passes: a known one for names that people recognise, otherwise the first the schema allows. */
function toExample(name: string, schema: Schema): unknown {
  if (name.endsWith('email')) return 'ana@example.com'
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const branch = (schema.anyOf ?? schema.oneOf)?.[0]
  if (branch) return toExample(name, branch)
  if (schema.properties) {
    return Object.fromEntries(
      fieldsOf(schema)
        .filter(([, , required]) => required)
        .map(([inner, each]) => [inner, toExample(inner, each)]),
    )
  }
  if (schema.type === 'number' || schema.type === 'integer') return 1240
  if (schema.type === 'boolean') return true
  if (schema.type === 'array') return []
  return known[name] ?? name
}

const known: Readonly<Record<string, string>> = { type: 'refund', service_name: 'billing', version: '2.4.0', name: 'my-script' }

function failures(): string {
  const entries = Object.entries(catalogue)
  const seen = new Set<number>()
  const rows = entries.map(([code, [status, title]]) => {
    const anchor = seen.has(status) ? '' : ` id="status-${status}"`
    seen.add(status)
    return `<tr id="${code}"><td${anchor}>${status}</td><td><code>${code}</code></td><td>${escapeHtml(title)}</td></tr>`
  })
  return `<section id="failures">
<h2>Failures</h2>
<p>Every failure is an <code>application/problem+json</code> document (RFC 9457). <code>code</code> is stable, <code>detail</code> says what to
do, <code>errors</code> lists every problem of an input with its JSON pointer, and <code>request_id</code> is in the log too.</p>
<table><thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
</section>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char]!)
