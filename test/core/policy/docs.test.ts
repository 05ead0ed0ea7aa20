import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { conditionVariables } from '../../../electron/core/policy/cel.ts'
import { compilePolicy } from '../../../electron/core/policy/compile.ts'
import { decideMatter } from '../../../electron/core/policy/decide.ts'
import { toMatter } from '../../../electron/core/policy/views.ts'
import { blocksOf } from '../../support/markdown.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/policy.md'), 'utf8')
const blocks = blocksOf(page)

describe('docs/policy.md', () => {
  it.each(blocks.filter(({ words }) => words[0] === 'policy').map(({ line, text }) => [line, text] as const))(
    'shows a policy that can be used in line %i, and what it makes of the samples below it',
    (line, text) => {
      const policy = compilePolicy('policy.yaml', text)
      const next = blocks.find((block) => block.line > line)
      if (next?.words[0] !== 'rulings') return
      const written = next.text.trim().split('\n')
      const ruled = written.map((row) => {
        const [sample] = row.split(' -> ')
        const { action, rule, levels } = decideMatter(policy, toMatter(JSON.parse(sample!)))
        const names = levels.map(({ name }) => name).filter((name) => name !== '' && action === 'require_approval')
        return `${sample} -> ${action} ${rule ?? 'none'}${names.length > 0 ? ` ${names.join(', ')}` : ''}`
      })
      expect(ruled).toEqual(written)
    },
  )

  it('shows the defaults that an empty file has', () => {
    const [shown] = blocks.filter(({ words }) => words[0] === 'defaults=policy.yaml')
    expect(compilePolicy('policy.yaml', shown!.text).value).toEqual(compilePolicy('policy.yaml', '').value)
  })

  it('names everything that a condition can use', () => {
    expect(Object.keys(conditionVariables).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
