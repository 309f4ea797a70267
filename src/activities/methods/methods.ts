import type { MethodName } from '../../stages/cluster/config.ts'
import type { ClusterMethod } from './method.ts'
import { hierarchy } from './hierarchy.ts'
import { kmeans } from './kmeans.ts'
import { mixed } from './mixed.ts'
import { mixture } from './mixture.ts'

const methods: { readonly [Name in MethodName]: ClusterMethod<Name> } = { hierarchy, kmeans, mixed, mixture }

/** The caller pairs a method with its own config and model, which the types of a union cannot say. */
export function methodOf(name: MethodName): ClusterMethod<MethodName> {
  return methods[name] as ClusterMethod<MethodName>
}
