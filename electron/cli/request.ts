import type { AnswerOption } from '../../shared/model/approval.ts'
import type { Common } from './output.ts'
import { usage } from './program.ts'
import { exact, parseJson, readObject, readText, toObject, toPair, withPairs } from './values.ts'

/** What `ask` is told on the command line about the request. */
export type RequestOptions = Common & {
  type?: string
  title?: string
  amount?: string
  currency?: string
  approver?: string
  requester?: string
  beneficiary?: string
  department?: string
  description?: string
  priority?: 'low' | 'normal' | 'high' | 'urgent'
  timeout?: number
  timeoutHours?: number
  hardLimit?: boolean
  partial?: boolean
  editable?: readonly string[]
  option?: readonly string[]
  form?: string
  data?: string
  field?: readonly string[]
  file?: string
}

const hourMs = 3_600_000

/** The request as it is sent: the file's, with what the options say in its place. The server says what is wrong with it. */
export async function toRequest(options: RequestOptions): Promise<{ type: string } & Record<string, unknown>> {
  const fromStdin = [options.file, options.data, options.form].filter((one) => one === '-').length
  if (fromStdin > 1) throw usage('Standard input can be read only once: use - for one of --file, --data and --form.')
  const file = options.file === undefined ? {} : await readObject(options.file, '--file')
  const data = await readData(options, file)
  const timeout = options.timeout === undefined ? options.timeoutHours : options.timeout / hourMs
  const given = {
    type: options.type,
    title: options.title,
    description: options.description,
    amount: options.amount === undefined ? undefined : exact(options.amount),
    currency: options.currency,
    approver_email: options.approver,
    requester: options.requester,
    beneficiary: options.beneficiary,
    department: options.department,
    priority: options.priority,
    timeout_hours: timeout,
    hard_limit: options.hardLimit,
    partial: options.partial,
    editable: options.editable,
    options: options.option?.map(toOption),
    form: options.form === undefined ? undefined : await readObject(options.form, '--form'),
    data,
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const request = { ...file, ...said }
  if (!('type' in request)) throw usage("error: required option '--type <type>' not specified")
  return request as { type: string }
}

async function readData(options: RequestOptions, file: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
  const pairs = (options.field ?? []).map((one) => toPair(one, '--field'))
  if (options.data === undefined && pairs.length === 0) return undefined
  const inFile = file.data === undefined ? {} : toObject(file.data, 'data of --file')
  return withPairs({ ...inFile, ...(options.data === undefined ? {} : await readJson(options.data)) }, pairs, '--field')
}

async function readJson(given: string): Promise<Record<string, unknown>> {
  const path = given === '-' ? '-' : given.startsWith('@') ? given.slice(1) : null
  const text = path === null ? given : await readText(path, '--data could not be read as JSON; it')
  return toObject(parseJson(text, '--data'), '--data')
}

/** `refund-half=Refund half:approved`. */
function toOption(given: string): AnswerOption {
  const match = /^([^=]+)=(.+):(approved|rejected)$/.exec(given)
  if (match === null) throw usage(`--option ${given}: write id=label:approved or id=label:rejected.`)
  return { id: match[1]!, label: match[2]!, outcome: match[3] as AnswerOption['outcome'] }
}
