import { ArrowUpRight, Check, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { type HoldReason, sortOut } from '../../shared/model/bulk.ts'
import type { View } from '../../shared/model/view.ts'
import { asksMe } from '../asked.ts'
import { whyOf } from '../failure.ts'
import { asWords, count, money, tenths } from '../format.ts'
import { isAnswered } from '../held.ts'
import { useCommands } from '../keys.ts'
import { RiskMark } from '../parts/risk.tsx'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'
import { BulkReject } from './bulk-reject.tsx'

/** So long after what could not be read it is asked for again, ms. */
const againMs = 2000

type KeptOut = Readonly<Record<string, readonly string[]>>
type Out = { readonly item: ApprovalItem; readonly reasons: readonly string[] }

/** Beside the list while something is picked: exactly what would be decided together, and what is held out and why. */
export function BulkPane({ name }: { name: View }) {
  const actions = useActions()
  // What was held out once stays so: with the others gone, misfits would be alike.
  const [keptOut, setKeptOut] = useState<KeptOut>({})
  const { fits, held, reading } = useSorted(keptOut)
  const singleKeys = useInbox((state) => state.singleKeys)
  const [busy, setBusy] = useState(false)
  const [rejecting, setRejecting] = useState(false)
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({})
  const ids = fits.map(({ id }) => id)
  const shown = useShown(fits, held)
  const send = async (decision: 'approve' | 'reject', comment: string) => {
    if (busy || reading || ids.length === 0) return
    setBusy(true)
    const results = await actions.decideMany(ids, decision, comment, shown)
    setBusy(false)
    if (!results) return
    const done = results.filter(({ code }) => code === null).map(({ approval_id }) => approval_id)
    setRefused(
      Object.fromEntries(
        results.flatMap(({ approval_id, code, message }) => (code === null ? [] : [[approval_id, whyOf(code, message)]])),
      ),
    )
    setKeptOut({ ...keptOut, ...Object.fromEntries(held.map(({ item, reasons }) => [item.id, reasons])) })
    actions.toast(done.length > 0 ? 'heard' : 'bad', tt.bulk.done(done.length, count(done.length)))
    actions.letGo(done)
  }
  const reject = () => !busy && ids.length > 0 && setRejecting(true)
  useCommands({ approve: () => void send('approve', ''), reject })
  const n = count(fits.length)
  return (
    <section aria-label={tt.bulk.title(count(fits.length + held.length))} className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-5 pb-6 lg:px-6">
        <div className="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-5">
          <Head items={[...fits, ...held.map(({ item }) => item)]} fits={fits} />
          {reading && <p className="text-muted">{tt.bulk.loading}</p>}
          {fits.length > 0 ? (
            <Group title={tt.bulk.fits(n)} help={tt.bulk.fitsHelp}>
              {fits.map((item) => (
                <Line key={item.id} item={item} name={name} words={refused[item.id] ? [refused[item.id]!] : []} />
              ))}
            </Group>
          ) : (
            !reading && <p className="font-medium">{tt.bulk.none}</p>
          )}
          {held.length > 0 && (
            <Group title={tt.bulk.held(count(held.length))} help={tt.bulk.heldHelp}>
              {held.map(({ item, reasons }) => (
                <Line key={item.id} item={item} name={name} words={reasons} />
              ))}
            </Group>
          )}
        </div>
      </div>
      <div className="border-t border-line bg-page px-4 pt-2.5 pb-[max(10px,env(safe-area-inset-bottom))] lg:px-6">
        <div className="mx-auto flex max-w-[760px] flex-wrap items-center gap-2">
          <button
            type="button"
            className="btn btn-accent min-h-9 max-md:min-h-11 max-md:flex-1"
            disabled={busy || reading || fits.length === 0}
            onClick={() => void send('approve', '')}
          >
            <Check size={16} aria-hidden />
            {tt.bulk.approve(n)}
            {singleKeys && <Key name="a" />}
          </button>
          <button
            type="button"
            className="btn btn-reject min-h-9 max-md:min-h-11 max-md:flex-1"
            disabled={busy || reading || fits.length === 0}
            onClick={reject}
          >
            <X size={16} aria-hidden />
            {tt.bulk.reject(n)}
            {singleKeys && <Key name="r" />}
          </button>
          <button type="button" className="btn btn-quiet ml-auto min-h-9 text-muted max-md:min-h-11" onClick={actions.clearPicks}>
            {tt.bulk.clear}
          </button>
        </div>
      </div>
      {rejecting && (
        <BulkReject
          n={fits.length}
          onClose={() => setRejecting(false)}
          onReject={(reason) => {
            setRejecting(false)
            void send('reject', reason)
          }}
        />
      )}
    </section>
  )
}

/** What was picked, in the order of the list, sorted into what fits and what does not. Data that lists leave out is fetched first. */
function useSorted(keptOut: KeptOut): {
  readonly fits: readonly ApprovalItem[]
  readonly held: readonly Out[]
  readonly reading: boolean
} {
  const actions = useActions()
  const picked = useInbox((state) => state.selection.ids)
  const items = useInbox((state) => state.items)
  const me = useInbox((state) => state.person?.email)
  const people = useInbox((state) => state.people)
  const chosen = useMemo(() => picked.flatMap((id) => items.get(id) ?? []), [picked, items])
  const omitted = chosen.filter((item) => item.data_omitted && !item.items).map(({ id }) => id)
  const wanted = omitted.join(' ')
  const asked = useRef(new Set<string>())
  const [round, setRound] = useState(0)
  // What is under way is not asked for again as the others arrive; what failed is, after a moment.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round looks again
  useEffect(() => {
    if (wanted === '') return
    for (const id of wanted.split(' ').filter((each) => !asked.current.has(each))) {
      asked.current.add(id)
      void actions.loadItem(id).finally(() => asked.current.delete(id))
    }
    const timer = setTimeout(() => setRound((before) => before + 1), againMs)
    return () => clearTimeout(timer)
  }, [actions, wanted, round])
  return useMemo(() => {
    const closed = (item: ApprovalItem) =>
      isAnswered(item) ? tt.bulk.reasons.answered : asksMe(item, me, people) ? null : tt.bulk.reasons.not_yours
    const open = chosen.filter((item) => closed(item) === null && !keptOut[item.id])
    const sorted = sortOut(open)
    const reasons = new Map(sorted.held.map(({ id, reasons }) => [id, reasons]))
    const fitting = new Set(sorted.fits)
    const held = chosen.flatMap((item) => {
      const why = closed(item)
      if (why !== null) return [{ item, reasons: [why] }]
      if (keptOut[item.id]) return [{ item, reasons: keptOut[item.id]! }]
      return fitting.has(item.id) ? [] : [{ item, reasons: (reasons.get(item.id) ?? []).map((reason) => inWords(reason, item)) }]
    })
    return { fits: chosen.filter(({ id }) => fitting.has(id)), held, reading: wanted !== '' || chosen.length < picked.length }
  }, [chosen, picked, me, people, wanted, keptOut])
}

/** By id, the version of each in which it came here: one that changes under the hand is refused, and looked at first. */
function useShown(fits: readonly ApprovalItem[], held: readonly Out[]): ReadonlyMap<string, string> {
  const [shown] = useState(() => new Map<string, string>())
  useEffect(() => {
    const here = new Map([...fits, ...held.map(({ item }) => item)].map(({ id, version }) => [id, version.sha256] as const))
    for (const id of shown.keys()) if (!here.has(id)) shown.delete(id)
    for (const [id, version] of here) if (!shown.has(id)) shown.set(id, version)
  }, [shown, fits, held])
  return shown
}

function inWords(reason: HoldReason, item: ApprovalItem): string {
  const words = tt.bulk.reasons
  switch (reason.code) {
    case 'amount':
      return words.amount(tenths(reason.times), money(reason.median, item.currency))
    case 'other_type':
    case 'other_requester':
    case 'other_currency':
      return words[reason.code](visible(asWords(reason.value)), visible(asWords(reason.usual)))
    case 'other_value':
      return words.other_value(
        visible(asWords(reason.pointer.split('/').at(-1) ?? '')),
        visible(reason.value),
        visible(reason.usual),
      )
    default:
      return words[reason.code]
  }
}

/** How many, and how much in each currency. */
function Head({ items, fits }: { items: readonly ApprovalItem[]; fits: readonly ApprovalItem[] }) {
  const sums = new Map<string, number>()
  for (const { amount, currency } of fits) {
    const value = Number(amount)
    if (amount !== null && Number.isFinite(value)) sums.set(currency ?? '', (sums.get(currency ?? '') ?? 0) + value)
  }
  return (
    <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
      <h2 className="text-title font-semibold">{tt.bulk.title(count(items.length))}</h2>
      <p className="text-row font-semibold tabular-nums">
        {sums.size > 0 && <span className="font-normal text-muted">{tt.bulk.sum} </span>}
        {[...sums].map(([currency, sum]) => money(Number(sum.toFixed(2)), currency || null)).join(' · ')}
      </p>
    </header>
  )
}

const Key = ({ name }: { name: string }) => (
  <span className="kbd ml-1 font-normal max-lg:hidden" aria-hidden="true">
    {name}
  </span>
)

function Group({ title, help, children }: { title: string; help: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="head">{title}</h3>
      <p className="mb-1.5 text-meta text-muted">{help}</p>
      <ul className="card divide-y divide-line overflow-hidden">{children}</ul>
    </section>
  )
}

function Line({ item, name, words }: { item: ApprovalItem; name: View; words: readonly string[] }) {
  const actions = useActions()
  const route = useRoute()
  const title = visible(ownTitle(item))
  return (
    <li className="flex items-start gap-2 py-1.5 pr-1.5 pl-3 [content-visibility:auto] [contain-intrinsic-size:auto_38px]">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-3">
          <span className="truncate font-medium">{title}</span>
          {item.amount !== null && <span className="shrink-0 tabular-nums">{money(item.amount, item.currency)}</span>}
        </p>
        <p className="flex items-baseline justify-between gap-3 text-meta text-muted">
          <span className="truncate">
            {[item.requester, asWords(item.type)]
              .filter((each) => each !== null)
              .map(visible)
              .join(' · ')}
          </span>
          <RiskMark risk={item.risk} />
        </p>
        {words.map((why) => (
          <p key={why} className="text-meta text-amber wrap-anywhere">
            {why}
          </p>
        ))}
      </div>
      {words.length > 0 ? (
        <button
          type="button"
          className="btn btn-quiet px-2"
          aria-label={`${t.toasts.show} ${title}`}
          onClick={() => {
            actions.clearPicks()
            go({ ...route, view: name, id: item.id })
          }}
        >
          <ArrowUpRight size={15} aria-hidden />
        </button>
      ) : (
        <button
          type="button"
          className="btn btn-quiet px-2"
          aria-label={tt.bulk.leave(title)}
          onClick={() => actions.letGo([item.id])}
        >
          <X size={15} aria-hidden />
        </button>
      )}
    </li>
  )
}
