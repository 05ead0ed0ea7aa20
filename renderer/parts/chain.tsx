import { Check, Circle, CircleDot, CircleSlash, X } from 'lucide-react'
import type { ApprovalItem, Vote } from '../../shared/model/approval.ts'
import type { Reach } from '../../shared/model/level.ts'
import { fullDate, when } from '../format.ts'
import { isShared, type LevelState, type LevelView, levelViews } from '../levels.ts'
import { useNow } from '../now.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { Quote } from './changes.tsx'
import { useReach } from './reach.tsx'
import { useNames } from './who.ts'

const icons = { passed: Check, current: CircleDot, next: Circle, refused: X, expired: CircleSlash, unreached: Circle } as const
const inks: Readonly<Record<LevelState, string>> = {
  passed: 'text-accent',
  current: 'text-accent',
  next: 'text-edge',
  refused: 'text-red',
  expired: 'text-amber',
  unreached: 'text-edge',
}

/** Who decides, level by level: how far it is, who is asked, and what was answered. */
export function Chain({ item }: { item: ApprovalItem }) {
  const reach = useReach(item)
  if (!isShared(item)) return null
  const levels = levelViews(item)
  return (
    <section aria-label={td.chain.title}>
      <h3 className="head mb-1.5">{td.chain.title}</h3>
      <div className="card overflow-hidden">
        {levels.length > 1 && <Strip levels={levels} />}
        <ol className="divide-y divide-line">
          {levels.map((level) => (
            <LevelEntry
              key={level.index}
              level={level}
              alone={levels.length === 1}
              reach={level.state === 'current' ? reach : null}
            />
          ))}
        </ol>
      </div>
    </section>
  )
}

/** The whole chain in one line; the list below says the same in words. */
function Strip({ levels }: { levels: readonly LevelView[] }) {
  return (
    <p className="flex flex-wrap items-center gap-y-1 border-b border-line bg-well px-4 py-2.5" aria-hidden="true">
      {levels.map(({ index, name, state }) => {
        const Icon = icons[state]
        return (
          <span key={index} className="flex items-center whitespace-nowrap">
            {index > 0 && (
              <span className={`mx-2.5 h-px w-6 ${state === 'next' || state === 'unreached' ? 'bg-line' : 'bg-accent'}`} />
            )}
            <span className={state === 'current' ? 'font-semibold' : state === 'passed' ? '' : 'text-muted'}>{visible(name)}</span>
            <Icon size={14} strokeWidth={2.4} className={`ml-1.5 ${inks[state]}`} />
          </span>
        )
      })}
    </p>
  )
}

function LevelEntry({ level, alone, reach }: { level: LevelView; alone: boolean; reach: Reach | null }) {
  const names = useNames()
  const Icon = icons[level.state]
  const dim = level.state === 'next' || level.state === 'unreached'
  const asked = level.asked.length === 0 ? td.chain.alone : td.chain.asked(level.asked.map(names))
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="grid grid-cols-[18px_minmax(0,1fr)] items-baseline gap-x-2">
        <Icon size={15} strokeWidth={2.2} className={`translate-y-[2px] ${inks[level.state]}`} aria-hidden />
        <div className="min-w-0">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className={`min-w-0 wrap-anywhere ${dim ? 'text-muted' : 'font-medium'}`}>
              {!alone && <>{visible(level.name)}: </>}
              {asked}
              <span className="sr-only">, {td.chain.state[level.state]}</span>
            </span>
            {!dim && (level.needed > 1 || level.state === 'current') && (
              <span className="text-meta text-muted tabular-nums">{td.chain.approvals(level.given, level.needed)}</span>
            )}
          </p>
          {(level.needed > 1 || level.level.people.length > 1) && <p className="text-meta text-muted">{ruleOf(level)}</p>}
          {reach && !reach.enough && <p className="text-meta text-red">{td.reach.card(reach.missing, reach.people)}</p>}
        </div>
      </div>
      {level.votes.length > 0 && (
        <ul className="grid gap-2 pl-[26px]">
          {level.votes.map((vote) => (
            <VoteEntry key={`${vote.at}${vote.actor.id}`} vote={vote} />
          ))}
        </ul>
      )}
    </li>
  )
}

function ruleOf({ level, needed }: LevelView): string {
  const words = td.chain.rule(level.votes, needed, level.people.length)
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
  return needed > 1 && level.one_rejection_ends ? `${sentence} ${td.chain.oneEnds}` : sentence
}

function VoteEntry({ vote }: { vote: Vote }) {
  const now = useNow(20_000)
  const who = visible(vote.actor.name ?? vote.actor.id)
  const Icon = vote.verdict === 'approved' ? Check : X
  const ink = !vote.counts ? 'text-muted' : vote.verdict === 'approved' ? 'text-accent' : 'text-red'
  return (
    <li className="grid gap-1">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className={`min-w-0 wrap-anywhere ${vote.counts ? '' : 'text-muted line-through decoration-edge'}`}>
          <Icon size={13} strokeWidth={2.4} className={`mr-1.5 inline-block align-[-2px] ${ink}`} aria-hidden />
          {vote.on_behalf_of ? td.chain.forWhom(who, visible(vote.on_behalf_of.name)) : who} {td.chain.votes[vote.verdict]}
        </span>
        <time dateTime={vote.at} title={fullDate(vote.at)} className="text-meta text-muted tabular-nums">
          {when(vote.at, now)}
        </time>
      </p>
      {!vote.counts && <p className="text-meta text-muted">{td.chain.lost}</p>}
      {vote.comment && <Quote text={vote.comment} />}
    </li>
  )
}
