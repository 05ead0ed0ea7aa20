import { Command } from 'commander'
import type { PolicyProblem, RulingView, SampleInput } from '../../shared/contract/policy.ts'
import { exitCode } from './exit.ts'
import { answer, type Common, plain, table } from './output.ts'
import { command, number } from './program.ts'
import { readObject, readText, several, toPair, withPairs } from './values.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function policyCommand(): Command {
  return new Command('policy')
    .description('The rules by which requests are approved: look at them, check, try and replay them')
    .addCommand(showCommand())
    .addCommand(checkCommand())
    .addCommand(tryCommand())
    .addCommand(replayCommand())
}

function showCommand(): Command {
  return command('show', 'The policy in force, as rules')
    .option('--text', 'as it is written')
    .action(async (options: Common & { text?: boolean }) => {
      const view = await (await session()).withSession(options, (client) => client.policy.get({}))
      answer(options, view, () => {
        if (options.text) return plain(view.text).trimEnd()
        const rows = view.rules.map(({ type, name, when, action, line }) =>
          [type, name, when, action, line === null ? '' : String(line)].map(plain),
        )
        const rules =
          rows.length === 0 ? 'It has no rules: a person is asked.' : table(['TYPE', 'RULE', 'WHEN', 'ACTION', 'LINE'], rows)
        const problems = view.problems.length === 0 ? [] : ['', 'The file has problems; this is the last good one:']
        return [
          `${plain(view.path)}, version ${view.version}`,
          `Own requests: ${view.self_approval === 'never' ? 'never approved by whoever made them' : 'approved by the sole operator'}`,
          '',
          rules,
          ...problems,
          ...view.problems.map((one) => problemLine(view.path, one)),
        ].join('\n')
      })
    })
}

function checkCommand(): Command {
  return command('check', 'Every problem of a policy, by line and column; exit code 1 when there is one')
    .argument('[file]', 'a policy file, or - for standard input (default: the present one)')
    .action(async (file: string | undefined, options: Common) => {
      const text = file === undefined ? undefined : await readText(file, file)
      const { name, said } = await (await session()).withSession(options, async (client) => {
        // The text in force is the last good one; what is to be checked is the file as it is.
        if (text !== undefined) return { name: file!, said: await client.policy.check({ text }) }
        const { path, problems } = await client.policy.get({})
        return { name: path, said: { ok: problems.length === 0, problems } }
      })
      answer(options, said, () =>
        said.ok
          ? `${plain(name)} can be put in force.`
          : [
              ...said.problems.map((one) => problemLine(name, one)),
              `${said.problems.length} problem${said.problems.length === 1 ? '' : 's'}.`,
            ].join('\n'),
      )
      if (!said.ok) process.exitCode = exitCode.rejected
    })
}

/** As compilers say it, so that editors find the place. */
function problemLine(file: string, { line, column, pointer, message }: PolicyProblem): string {
  const place = line === null ? pointer || '/' : column === null ? String(line) : `${line}:${column}`
  return plain(`${file}:${place}: ${message}`)
}

type TryOptions = Common & { file?: string; sample?: string; type?: string; field?: readonly string[] }

/** What a sample says of itself; any other name is one of the request's data. */
const ownNames: readonly string[] = [
  'type',
  'title',
  'amount',
  'currency',
  'requester',
  'department',
  'priority',
  'source',
  'approver_email',
]

function tryCommand(): Command {
  return command('try', 'What a policy makes of a sample')
    .option('--file <policy>', 'a policy file, or - for standard input (default: the one in force)')
    .option('--sample <file>', 'a request as JSON')
    .option('--type <type>', 'type of the request')
    .option('--field <name=text>', 'a field of the request, or of its data; name:=json for numbers (repeat)', several)
    .action(async (options: TryOptions) => {
      const sample = await toSample(options)
      const text = await policyText(options.file)
      const ruling = await (await session()).withSession(options, (client) => client.policy.try({ ...text, sample }))
      answer(options, ruling, () => rulingText(ruling))
    })
}

async function toSample(options: TryOptions): Promise<SampleInput> {
  const start = options.sample === undefined ? {} : await readObject(options.sample, '--sample')
  const pairs = (options.field ?? []).map((one) => toPair(one, '--field'))
  const named = pairs.map((pair) => {
    const [first] = pair.name.split('.')
    return ownNames.includes(pair.name) || first === 'data' ? pair : { ...pair, name: `data.${pair.name}` }
  })
  const typed = options.type === undefined ? start : { ...start, type: options.type }
  return { type: 'request', ...withPairs(typed, named, '--field') }
}

const policyText = async (file: string | undefined): Promise<{ text?: string }> =>
  file === undefined ? {} : { text: await readText(file, '--file') }

function rulingText(ruling: RulingView): string {
  const said = {
    auto_approve: 'approved at once',
    require_approval: 'people are asked',
    escalate: 'a committee is asked',
    reject: 'rejected at once',
  }[ruling.action]
  const levels = ruling.levels.map(({ name, approvers, people, votes, timeout_hours }, index) =>
    [
      String(index + 1),
      name,
      approvers.join(', ') || 'anybody who may decide',
      people.join(', '),
      String(votes),
      timeout_hours === null ? 'none' : `${timeout_hours} h`,
    ].map(plain),
  )
  const trace = ruling.trace.map(({ rule, matched, note }) => [matched ? '✓' : '·', rule, note ?? ''].map(plain))
  return [
    `${said.charAt(0).toUpperCase()}${said.slice(1)}, by ${ruling.rule === null ? 'no rule' : `the rule ${plain(ruling.rule)}`}.`,
    plain(ruling.explanation),
    ...(levels.length === 0 ? [] : ['', table(['LEVEL', 'NAME', 'APPROVERS', 'PEOPLE', 'VOTES', 'TIME'], levels)]),
    ...(trace.length === 0 ? [] : ['', table(['', 'RULE', 'WHY'], trace)]),
  ].join('\n')
}

type ReplayOptions = Common & { file?: string; type?: string; limit: number }

function replayCommand(): Command {
  return command('replay', 'What a policy would have made of past decisions')
    .option('--file <policy>', 'a policy file, or - for standard input (default: the one in force)')
    .option('--type <type>', 'only requests of this type')
    .option('--limit <n>', 'at most so many, newest first', number, 1000)
    .action(async (options: ReplayOptions) => {
      const { type, limit } = options
      const input = { ...(await policyText(options.file)), ...(type === undefined ? {} : { type }), limit }
      const replay = await (await session()).withSession(options, (client) => client.policy.replay(input))
      answer(options, replay, () => {
        const counts = [
          ['Looked at', replay.looked_at],
          ['Approved at once', replay.auto_approved],
          ['  of which people rejected', replay.auto_approved_but_rejected],
          ['Rejected at once', replay.auto_rejected],
          ['  of which people approved', replay.auto_rejected_but_approved],
          ['People asked', replay.asked],
          ['  of which no rule matched', replay.unmatched],
        ].map(([name, count]) => [String(name), String(count)])
        const rows = replay.disagreements.map(({ approval_id, type: kind, decision, would, rule, title }) =>
          [approval_id, kind, decision, would, rule ?? '', title].map(plain),
        )
        const differing =
          rows.length === 0 ? [] : ['', 'Where they differ:', table(['ID', 'TYPE', 'PERSON', 'POLICY', 'RULE', 'TITLE'], rows)]
        return [plain(replay.summary), '', table(['', ''], counts).trimStart(), ...differing].join('\n')
      })
    })
}
