import { factsOf } from '../../src/client/schedule-facts.ts'
import { compareSchedules, deploySchedules } from '../../src/client/schedules.ts'
import { runSchedule } from '../../src/client/wanted-schedules.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { DeployedSchedule } from '../../src/plan/deployed-schedule.ts'
import { scheduledKinds } from '../../src/plan/planned-starts.ts'
import { type Schedule, scheduleConfig } from '../../src/plan/schedule.ts'
import type { Scene } from '../workflows/scene.ts'

type Choices = Partial<Parameters<typeof compareSchedules>[3]>

/** Deploys as the command does, and takes everything away again. What the warehouse would know is what was deployed here last. */
export class Deploying {
  private readonly scene: Scene
  private readonly made: string[] = []
  private readonly recorded = new Map<string, readonly DeployedSchedule[]>()

  constructor(scene: Scene) {
    this.scene = scene
  }

  async deploy(targetName: string, definitions: readonly Definition[], choices: Choices = {}) {
    const wanted = definitions.flatMap((definition) =>
      scheduledKinds(definition.pipeline).map((kind) => runSchedule(definition, kind)),
    )
    const before = this.recorded.get(targetName) ?? []
    const changes = await compareSchedules(this.scene.access, targetName, wanted, { deployed: before, ...choices })
    const deployed = new Map(before.map((one) => [one.scheduleId, one]))
    await deploySchedules(this.scene.access, changes, async ({ scheduleId, action, wanted: one }) => {
      if (action === 'delete') deployed.delete(scheduleId)
      if (one) deployed.set(scheduleId, { ...one, scheduleId, facts: factsOf(one.options) })
    })
    this.recorded.set(targetName, [...deployed.values()])
    this.made.push(...changes.filter(({ action }) => action === 'create').map(({ scheduleId }) => scheduleId))
    return changes.map(({ scheduleId, action, differences, drift, pause }) => ({
      ...{ scheduleId, action },
      ...(differences.length > 0 && { differences }),
      ...(drift.length > 0 && { drift }),
      ...(pause && { pause }),
    }))
  }

  async close(): Promise<void> {
    for (const scheduleId of this.made)
      await this.scene.access.client.schedule
        .getHandle(scheduleId)
        .delete()
        .catch(() => undefined)
    await this.scene.close()
  }
}

export function scheduled(definition: Definition, schedule: Partial<Schedule>): Definition {
  const { refit, timezone } = definition.pipeline.schedule!
  const whole = scheduleConfig.parse({ refit, timezone, ...schedule })
  return { ...definition, pipeline: { ...definition.pipeline, schedule: whole } }
}

export async function eventually<T>(look: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
