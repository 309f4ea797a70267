import { expect, it, vi } from 'vitest'
import { freePort } from './free-port.ts'
import { openShop } from './shop.ts'

it('a worker shows its stages, and how pipelines stand, to Prometheus; and its health', async () => {
  const shop = await openShop('observed')
  try {
    const [metrics, health] = [await freePort(), await freePort()]
    const worker = await shop.startWorkerProcess({}, ['--metrics', `${metrics}`, '--health', `127.0.0.1:${health}`])
    const { segments } = await shop.run(['shop', '--as-of', '2026-10-01'])
    const scrape = async (): Promise<readonly string[]> =>
      (await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()).split('\n')
    // Standings are read every few seconds.
    const lines = await vi.waitFor(
      async () => {
        const found = await scrape()
        expect(found).toContain('resegment_newest_run_status{pipeline="shop",status="published"} 1')
        return found
      },
      { timeout: 120_000, interval: 500 },
    )
    for (const { segmentKey, customers } of segments)
      expect(lines).toContain(`resegment_segment_customers{pipeline="shop",segment_key="${segmentKey}"} ${customers}`)
    const finished = lines.filter((line) => line.startsWith('resegment_stage_seconds_count'))
    expect(finished.map((line) => /stage="(\w+)"/.exec(line)?.[1])).toEqual(
      expect.arrayContaining(['extract', 'cleanse', 'features', 'cluster', 'validate', 'publish']),
    )
    expect(lines.some((line) => line.startsWith('temporal_activity_execution_latency_count'))).toBe(true)
    expect((await fetch(`http://127.0.0.1:${health}/readyz`)).status).toBe(200)
    await worker.stop()
    await expect(fetch(`http://127.0.0.1:${health}/readyz`)).rejects.toThrow()
  } finally {
    await shop.close()
  }
})
