import type { Definition } from '../plan/definition.ts'
import type { ErasurePlace } from '../plan/erasure-input.ts'
import type { WarehousePlace } from '../plan/deployed-schedule.ts'
import type { Channel } from '../plan/notify.ts'
import type { ActivationDestination, SyncLedger } from './activation.ts'
import type { OpenCustomerStores } from './customer-store.ts'
import type { EffectivenessBook } from './effectiveness-book.ts'
import type { Erasures } from './erasure.ts'
import type { ArtifactStore } from './artifact-store.ts'
import type { ComputeEngine } from './compute-engine.ts'
import type { ObjectDestination, WarehouseDestination } from './destination.ts'
import type { KernelPool } from './kernel-pool.ts'
import type { Ledger } from './ledger.ts'
import type { ScheduleBook } from './schedule-book.ts'
import type { NoticeChannel } from './notice-channel.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import type { SourceReader } from './source-reader.ts'
import type { SweptPlace } from './swept-place.ts'

/** Where a pipeline keeps what may have to go. */
export interface SweptPlaces {
  /** Absent: it publishes no files. */
  readonly published?: SweptPlace
  readonly artifacts: SweptPlace
}

/** Everything activities need of the outside. Built once a worker; what depends on connections is looked up by definition. */
export interface Services {
  readonly engine: ComputeEngine
  readonly kernels: KernelPool
  /** Version of this code, recorded with every run. */
  readonly codeVersion: string
  store(definition: Definition): ArtifactStore
  /** Serves all sources of the definition. */
  reader(definition: Definition): SourceReader
  ledger(place: WarehousePlace): Ledger
  /** What was deployed, and what it owes. */
  scheduleBook(place: WarehousePlace): ScheduleBook
  warehouse(definition: Definition): WarehouseDestination
  /** Undefined when the pipeline publishes no files. */
  objects(definition: Definition): ObjectDestination | undefined
  /** Effectiveness over time. */
  effectivenessBook(place: WarehousePlace): EffectivenessBook
  /** What destinations were told, and have to be told. */
  syncLedger(definition: Definition): SyncLedger
  /** A destination under `activate`, opened for one activity, which closes it. @throws ConfigInvalid, SecretMissing */
  destination(definition: Definition, name: string): ActivationDestination
  /** A way to tell people. @throws SecretMissing */
  noticeChannel(channel: Channel): NoticeChannel
  /** Where the Temporal UI is: `https://temporal.example`. Undefined: nobody has said. */
  readonly temporalUi: string | undefined
  sweptPlaces(definition: Definition): SweptPlaces
  /** Undefined when the pipeline publishes ids as they are. @throws SecretMissing, ConfigInvalid */
  pseudonyms(definition: Definition): Pseudonyms | undefined
  /** Requests to forget customers of a target. */
  erasures(place: ErasurePlace): Erasures
  /** Every place of a target that holds rows of customers, opened for one activity, which closes it. */
  customerStores(place: ErasurePlace, definitions: readonly Definition[]): OpenCustomerStores
  /** A named point of an activity was reached: `cleanseShard:before-commit`. Does nothing, except in tests of recovery. */
  reached(point: string): void
}
