import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { signDelivery } from '../../src/adapters/destinations/webhook/sign-delivery.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import { blocksOf } from './blocks.ts'

type Verify = (headers: Readonly<Record<string, string>>, text: string, key: string) => boolean

describe('the guide on activation', () => {
  const blocks = blocksOf(readFileSync(new URL('../../docs/guides/activation.md', import.meta.url), 'utf8'))
  const textOf = (language: string): string => blocks.find((block) => block.language === language)!.text

  it('shows a definition that there can be', () => {
    const { activate } = parse(textOf('yaml')) as Record<string, unknown>
    expect(Object.keys(pipelineConfig.shape.activate.parse(activate)!)).toEqual(['crm', 'mailings', 'app'])
  })

  it.each(['plain key', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'shows how a receiver verifies what we sign with %s, and nothing else',
    async (key) => {
      const module = `data:text/javascript,${encodeURIComponent(textOf('js'))}`
      const { verify } = (await import(/* @vite-ignore */ module)) as { verify: Verify }
      const timestamp = Math.floor(Date.now() / 1000)
      const headersOf = (at: number) => ({
        'webhook-id': 'key-1',
        'webhook-timestamp': String(at),
        'webhook-signature': signDelivery({ id: 'key-1', timestamp: at, body: '{"a":1}' }, key),
      })
      expect(verify(headersOf(timestamp), '{"a":1}', key)).toBe(true)
      expect(verify(headersOf(timestamp), '{"a":2}', key)).toBe(false)
      expect(verify(headersOf(timestamp), '{"a":1}', `${key}x1`)).toBe(false)
      expect(verify({ ...headersOf(timestamp), 'webhook-id': 'key-2' }, '{"a":1}', key)).toBe(false)
      expect(verify(headersOf(timestamp - 3_600), '{"a":1}', key)).toBe(false)
      expect(verify({}, '{"a":1}', key)).toBe(false)
    },
  )
})
