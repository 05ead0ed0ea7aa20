import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hostFromEnvironment } from '../../../electron/core/summary/host.ts'
import { cli } from '../../cli/run.ts'
import { newHome, openTestApp } from '../../support/app.ts'
import type { FakeModel } from '../../support/fake-ollama/models.ts'
import type { Tally } from '../part.ts'
import { Desk } from './desk.ts'

/** Names that Ollama itself forwards to a hosted service. */
const cloudNames: readonly string[] = [
  'gpt-oss:120b-cloud',
  'kimi-k2:cloud',
  'KIMI-K2:CLOUD',
  'deepseek-v3.1:671b-Cloud',
  'library/qwen3-coder:480b-cloud',
  'registry.example/ns/model:1t-cloud',
  'glm-4.6:cloud ',
  'some-cloud',
]

const hostedAddresses: readonly string[] = [
  'https://ollama.com',
  'https://OLLAMA.com:443/',
  'http://api.ollama.com',
  'ollama.com',
  'https://ollama.com./',
  'https://ｏllama.com',
  'https://user@ollama.com',
]

/** What no list may offer and nobody may be asked of: the entries say it, whatever the name. */
const remote: readonly (readonly [what: string, model: FakeModel])[] = [
  ['its entry has a remote host', { name: 'plain', remote_host: 'https://hosted.example:443' }],
  ['its entry has a remote model alone', { name: 'plain', remote_model: 'gpt-oss:120b' }],
  ['its details have a remote host', { name: 'plain', shown_remote_host: 'https://hosted.example:443' }],
]

/** Every way to a model that is not on this machine is closed. */
export async function leave(tally: Tally): Promise<void> {
  const desk = await Desk.open({ scenario: { kind: 'ok' } })
  try {
    for (const name of cloudNames) {
      tally.add(`settings: ${name}`, await refusal(() => desk.test.owner.settings.update({ model: { name } })))
      tally.add(`download: ${name}`, await refusal(() => desk.test.owner.model.pull({ name })))
      tally.add(`config.yaml at the start: ${name}`, await refusedAtStart(`model: { enabled: true, name: "${name}" }\n`))
    }
    for (const host of hostedAddresses) {
      tally.add(`settings: ${host}`, await refusal(() => desk.test.owner.settings.update({ model: { host } })))
      tally.add(`config.yaml at the start: ${host}`, await refusedAtStart(`model: { enabled: true, host: "${host}" }\n`))
      tally.add(`OLLAMA_HOST: ${host}`, hostFromEnvironment(host) === null ? [] : ['it is taken'])
    }
    tally.add('config.yaml, changed while it runs', await changedByHand(desk))
    const asked = desk.ollama.requests.filter(({ path }) => path === '/api/pull' || path === '/api/chat')
    tally.add('nothing was asked of any of them', asked.length === 0 ? [] : [`${asked.length} calls`])
  } finally {
    await desk.close()
    tally.add('afterwards', desk.problems)
  }
  tally.add('the command serve', await servedBy())
  for (const [what, model] of remote) tally.add(what, await listed(model))
}

/** It is refused as invalid input, with what is wrong. */
async function refusal(work: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await work()
    return ['it is taken']
  } catch (error) {
    const { code } = error as { code?: string }
    return code === 'invalid-input' ? [] : [`it fails otherwise: ${error}`]
  }
}

async function refusedAtStart(config: string): Promise<readonly string[]> {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), config)
  try {
    const app = await openTestApp({ home })
    await app.stop()
    return ['the application starts with it']
  } catch (error) {
    return /config|setting/i.test(String(error)) ? [] : [`it fails otherwise: ${error}`]
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

async function changedByHand({ test, clock }: Desk): Promise<readonly string[]> {
  const file = join(test.home, 'config.yaml')
  const { model: before } = await test.owner.settings.get({})
  writeFileSync(file, `model: { enabled: true, host: "${before.host}", name: "gpt-oss:120b-cloud" }\n`)
  for (let turn = 0; turn < 40; turn++) {
    clock.advance(1000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { model: after } = await test.owner.settings.get({})
  return after.name === before.name ? [] : [`it is ${after.name} now`]
}

async function servedBy(): Promise<readonly string[]> {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model: { enabled: true, name: "gpt-oss:120b-cloud" }\n')
  const { code, out, err } = await cli(['serve', '--home', home, '--port', '0'])
  await rm(home, { recursive: true, force: true })
  const said = /hosted service/.test(out + err)
  return code !== 0 && said ? [] : [`it ended with ${code}: ${(out + err).slice(0, 200)}`]
}

async function listed(model: FakeModel): Promise<readonly string[]> {
  const problems: string[] = []
  const desk = await Desk.open({ scenario: { kind: 'ok' }, models: [model, { name: 'here' }] })
  try {
    await desk.test.owner.settings.update({ model: { name: 'plain' } })
    const { state, installed } = await desk.test.owner.model.status({})
    if (state === 'ready') problems.push('it is ready')
    if (installed.some(({ name }) => name.startsWith('plain')) && !('shown_remote_host' in model)) problems.push('it is offered')
    const id = await desk.ask('A request that stays here')
    await desk.settled(id)
    const chats = desk.ollama.requests.filter(({ path }) => path === '/api/chat')
    if (chats.length > 0) problems.push(`${chats.length} requests were sent to it`)
    if ((await desk.item(id)).summary.state !== 'failed') problems.push('it said something')
  } finally {
    await desk.close()
  }
  return [...problems, ...desk.problems]
}
