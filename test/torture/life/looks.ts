import type { Call } from './caller.ts'
import type { Doing, Lane } from './doings.ts'
import { pick, type Random } from './random.ts'

/** What people and programs look at. */
const lists = (random: Random): string => {
  const limit = pick(random, [1, 50, 50, 50, 200])
  return pick(random, [
    `/approvals?view=inbox&sort=due&limit=${limit}`,
    `/approvals?view=all&sort=${pick(random, ['newest', 'oldest', 'amount', 'risk', 'decided'])}&limit=${limit}`,
    `/approvals?view=done&limit=${limit}`,
    `/approvals?status=pending&limit=${limit}`,
    `/approvals/pending?approver_email=owner@example.com&limit=${limit}`,
    `/approvals?search=${encodeURIComponent(pick(random, searches))}&limit=${limit}`,
    '/approvals/ids?view=inbox&limit=1000',
    '/approvals/facets?view=all',
    `/tasks?limit=${limit}`,
    '/tasks?status=waiting,running&limit=50',
    '/insight',
    '/alerts/next',
    '/session',
    '/healthz',
  ])
}
const searches = ['parcel carrier', 'type:refund over:100', '"never arrived"', 'is:pending risk:high', 'from:ben -letters', '88-1']

export const list: Doing = async ({ caller, tokens, random }) => {
  if (random(50) === 0) {
    const path = pick(random, ['/audit?limit=50', '/doctor', '/settings', '/sources'])
    return void (await caller.call({ method: 'GET', path, token: tokens.admin, expect: [200] }))
  }
  await caller.call({ method: 'GET', path: lists(random), token: tokens.decide, expect: [200] })
}

export const one: Doing = async ({ caller, tokens, book, random }) => {
  const asked = random(3) === 0 ? book.lookAt() : pick(random, book.all.slice(-500))
  if (!asked?.task) return
  const paths = [`/tasks/${asked.task}/status`, `/tasks/${asked.task}`, `/tasks/${asked.task}/timeline`]
  if (asked.approval !== null) paths.push(`/approvals/${asked.approval}`, `/approvals/${asked.approval}/versions`)
  await caller.call({ method: 'GET', path: pick(random, paths), token: tokens.read, expect: [200] })
}

/** As the command line waits: for a second or some, and again. */
export const wait: Doing = async ({ caller, tokens, book, random }) => {
  const asked = pick(random, book.all.slice(-200))
  if (!asked?.task) return
  const path = `/tasks/${asked.task}/wait?timeout_seconds=${1 + random(8)}`
  await caller.call({ method: 'GET', path, token: tokens.submit, expect: [200], waits: true })
}

/** What is refused, and must not be an error of ours. */
const refused = (lane: Lane): Call => {
  const { tokens, random } = lane
  const post = (body: unknown, expect: readonly number[], path = '/requests'): Call => ({
    method: 'POST',
    path,
    token: tokens.submit,
    body,
    expect,
  })
  return pick<() => Call>(random, [
    () => post({ type: 'No Type' }, [422]),
    () => post({ type: 'refund', tytle: 'x' }, [422]),
    () => post([], [422]),
    () => ({ method: 'POST', path: '/requests', token: tokens.submit, raw: '{"type":"refund"', expect: [400] }),
    () => ({ method: 'POST', path: '/requests', token: tokens.submit, raw: '{"type":"a","type":"b"}', expect: [400] }),
    () => ({ method: 'POST', path: '/requests', token: tokens.submit, raw: `{"a":"${'x'.repeat(300_000)}"}`, expect: [413] }),
    () => post({ approval_id: 'apr_none', decision: 'approve' }, [403], '/approvals/decide'),
    () => ({ ...post({ type: 'refund' }, [401]), token: 'nobody' }),
    () => ({ ...post({ type: 'refund' }, [403]), token: tokens.read }),
    () => ({ method: 'GET', path: '/tasks/run_none/status', token: tokens.read, expect: [404] }),
    () => ({ method: 'GET', path: '/no/such/page', token: tokens.read, expect: [404] }),
    () => ({ method: 'GET', path: '/approvals?sort=colour', token: tokens.read, expect: [422] }),
  ])()
}

export const wrong: Doing = async (lane) => {
  await lane.caller.call(refused(lane))
}

/** Watches what happens for a while, as an open page does; the first thing said is how things are. */
export const watch: Doing = async (lane) => {
  const { caller, tokens, random } = lane
  const place = await caller.place()
  const ends = AbortSignal.timeout(5000 + random(55_000))
  caller.requests++
  try {
    const headers = { authorization: `Bearer ${pick(random, [tokens.read, tokens.decide])}` }
    const answer = await fetch(`${place.url}/events`, { headers, signal: ends })
    let first = ''
    for await (const chunk of answer.body!) {
      if (first.length < 2000) first += Buffer.from(chunk).toString('latin1')
      if (lane.over()) break
    }
    if (place.goes() && !lane.over()) caller.blame('the stream of events ended by itself')
    if (answer.status !== 200 || (place.goes() && !first.includes('"hello"'))) {
      caller.blame(`the stream of events began with ${answer.status} ${first.slice(0, 100)}`)
    }
  } catch (error) {
    if (ends.aborted) return
    if (place.goes()) caller.blame(`the stream of events broke: ${(error as Error).message}`)
    else caller.cut++
  }
}
