import type { MethodName } from '../../stages/cluster/config.ts'
import type { ClusterMethod } from './method.ts'
import { hierarchy } from './hierarchy.ts'
import { makeHybrid } from './hybrid.ts'
import { kmeans } from './kmeans.ts'
import { mixed } from './mixed.ts'
import { mixture } from './mixture.ts'
import { predictive } from './predictive.ts'
import { rfm } from './rfm.ts'
import { rules } from './rules.ts'
import { tiers } from './tiers.ts'

const methods: { readonly [Name in MethodName]: ClusterMethod<Name> } = {
  hierarchy,
  kmeans,
  mixed,
  mixture,
  predictive,
  rfm,
  rules,
  tiers,
  hybrid: makeHybrid((name) => methodOf(name)),
}

/** The caller pairs a method with its own config and model, which the types of a union cannot say. */
export function methodOf(name: MethodName): ClusterMethod<MethodName> {
  return methods[name] as unknown as ClusterMethod<MethodName>
}
