import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepCache } from '../adapters/artifact-store/cache.ts'
import { makeFileStore } from '../adapters/artifact-store/file-store.ts'
import { makeRemoteStore } from '../adapters/artifact-store/remote-store.ts'
import { ownScratch } from '../adapters/artifact-store/scratch.ts'
import { makeDuckDbEngine } from '../adapters/duckdb/engine.ts'
import { makeS3Place } from '../adapters/s3/artifact-place.ts'
import { makeS3InputFiles, type S3InputFiles } from '../adapters/s3/input-files.ts'
import { makeS3Objects, type S3Objects } from '../adapters/s3/object-destination.ts'
import { makeLedger, type WarehouseLedger } from '../adapters/warehouse/ledger.ts'
import { makeScheduleBook } from '../adapters/warehouse/schedule-book.ts'
import { makeEffectivenessBook } from '../adapters/warehouse/effectiveness-book.ts'
import { makeSyncLedger, type OpenSyncLedger } from '../adapters/warehouse/activation/sync-ledger.ts'
import { makeErasures } from '../adapters/warehouse/privacy/erasures.ts'
import { makeWarehouse, type Warehouse } from '../adapters/warehouse/warehouse.ts'
import type { Environment } from '../config/environment.ts'
import { makeKernelPool } from '../kernels/kernel-pool.ts'
import type { WarehousePlace } from '../plan/deployed-schedule.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ScheduleBook } from '../ports/schedule-book.ts'
import type { Services, SweptPlaces } from '../ports/services.ts'
import type { EffectivenessBook } from '../ports/effectiveness-book.ts'
import type { Erasures } from '../ports/erasure.ts'
import { openCustomerStores } from './customer-stores.ts'
import { bucketOptions } from './bucket-options.ts'
import { codeVersion } from './code-version.ts'
import { openDestination } from './destinations.ts'
import { findPostgres, findS3 } from './find-connection.ts'
import { locateStore, splitStoreUri } from './locate-store.ts'
import { pseudonymsOf } from './pseudonyms.ts'
import { makeReader } from './readers.ts'
import { openNoticeChannel } from './notice-channel.ts'
import { sweptPlaces } from './swept-places.ts'

export interface OpenServices extends Services {
  close(): Promise<void>
}

/** Builds what activities need of the outside. Opens nothing before a definition asks for it; the same address is opened once. */
export function makeServices(environment: Environment): OpenServices {
  const { fault } = environment
  const threads = environment.threads ?? availableParallelism()
  const cacheFolder = join(environment.cacheFolder, 'artifacts')
  const scratchFolder = join(environment.cacheFolder, 'scratch')
  const storeFolder = environment.storeUri?.startsWith('file:') ? [fileURLToPath(environment.storeUri)] : []
  const engine = makeDuckDbEngine({
    threads,
    memoryLimit: environment.memoryLimit,
    readableFolders: [cacheFolder, ...storeFolder],
  })
  const kernels = makeKernelPool({ threads })
  const cache = keepCache(cacheFolder)
  const stores = new Map<string, ArtifactStore>()
  const places = new Map<string, SweptPlaces>()
  const buckets: { close(): void }[] = []
  const ledgers = new Map<string, WarehouseLedger>()
  const scheduleBooks = new Map<string, ScheduleBook>()
  const syncLedgers = new Map<string, OpenSyncLedger>()
  const effectivenessBooks = new Map<string, EffectivenessBook>()
  const warehouses = new Map<string, Warehouse>()
  const erasures = new Map<string, Erasures>()
  const objects = new Map<string, S3Objects>()
  const inputs = new Map<string, S3InputFiles>()
  const warehouseOf = ({ connections, target, pipeline }: WarehousePlace) => {
    const secret = findPostgres(connections, pipeline.publish.warehouse)
    const { privacyKey } = environment
    return { connectionString: environment.secret(secret), secret, schema: target.schema, privacyKey }
  }

  return {
    engine,
    kernels,
    codeVersion: codeVersion(),
    store(definition) {
      const { uri, ...options } = locateStore(environment, definition)
      return once(stores, JSON.stringify([uri, options]), () => {
        if (uri.startsWith('file:')) return makeFileStore({ rootFolder: fileURLToPath(uri), scratchFolder })
        const place = makeS3Place({ ...options, ...splitStoreUri(uri) })
        buckets.push(place)
        return makeRemoteStore({ place, cache, scratchFolder })
      })
    },
    reader: (definition) =>
      makeReader(
        {
          environment,
          engine,
          scratchFolder: ownScratch(scratchFolder),
          objects(name) {
            const connection = findS3(definition.connections, name)
            // Buckets that are read are never made.
            return once(inputs, JSON.stringify(connection), () =>
              makeS3InputFiles({ ...bucketOptions(environment, connection), createBucket: false }),
            )
          },
        },
        definition,
      ),
    scheduleBook(place) {
      const options = warehouseOf(place)
      return once(scheduleBooks, JSON.stringify(options), () => makeScheduleBook(options))
    },
    ledger(place) {
      const options = warehouseOf(place)
      return once(ledgers, JSON.stringify(options), () => makeLedger(options))
    },
    effectivenessBook(place) {
      const options = warehouseOf(place)
      return once(effectivenessBooks, JSON.stringify(options), () => makeEffectivenessBook(options))
    },
    warehouse(definition) {
      const options = warehouseOf(definition)
      return once(warehouses, JSON.stringify(options), () => makeWarehouse(options))
    },
    objects({ connections, pipeline }) {
      if (pipeline.publish.s3 === undefined) return undefined
      const connection = findS3(connections, pipeline.publish.s3)
      return once(objects, JSON.stringify(connection), () => makeS3Objects(bucketOptions(environment, connection)))
    },
    syncLedger(definition) {
      const options = { ...warehouseOf(definition), ledgerKey: environment.ledgerKey }
      return once(syncLedgers, JSON.stringify(options), () => makeSyncLedger(options))
    },
    pseudonyms: (definition) => pseudonymsOf(environment, definition),
    destination: (definition, name) => openDestination(environment, definition, name),
    erasures({ target: { schema }, warehouse: secret }) {
      const { privacyKey } = environment
      const options = { connectionString: environment.secret(secret), secret, schema, privacyKey }
      return once(erasures, JSON.stringify(options), () => makeErasures(options))
    },
    customerStores: ({ target: { schema }, warehouse: secret }, definitions) =>
      openCustomerStores(environment, definitions, [{ secret, schema }]),
    noticeChannel: (channel) => openNoticeChannel(environment, channel),
    temporalUi: environment.temporalUi,
    sweptPlaces(definition) {
      const { connections, pipeline } = definition
      return once(places, JSON.stringify([connections, pipeline.publish]), () =>
        sweptPlaces(environment, definition, (bucket) => buckets.push(bucket)),
      )
    },
    reached(point) {
      // Nothing gets a chance to tidy up: that is what is tested.
      if (fault === `${point}:kill`) process.kill(process.pid, 'SIGKILL')
    },
    async close() {
      cache.stop()
      await kernels.close()
      await Promise.all(
        [
          ...ledgers.values(),
          ...scheduleBooks.values(),
          ...syncLedgers.values(),
          ...effectivenessBooks.values(),
          ...warehouses.values(),
          ...erasures.values(),
        ].map((one) => one.close()),
      )
      for (const bucket of [...buckets, ...objects.values(), ...inputs.values()]) bucket.close()
    },
  }
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  let value = known.get(key)
  if (value === undefined) known.set(key, (value = make()))
  return value
}
