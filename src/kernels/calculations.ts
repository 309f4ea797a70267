import type { Calculations } from '../ports/calculations.ts'
import { fitBetaGeometric } from '../stats/fit-beta-geometric.ts'
import { fitGammaGamma } from '../stats/fit-gamma-gamma.ts'
import { forecastPurchases } from '../stats/forecast-purchases.ts'

/** What a thread of the pool calculates by name. */
export const calculations: Calculations = { fitBetaGeometric, fitGammaGamma, forecastPurchases }
