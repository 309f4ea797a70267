export interface PartitionOracle {
  readonly what: string
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly adjustedRand: number
  readonly adjustedMutualInformation: number
  readonly variationOfInformation: number
}

export interface SmirnovOracle {
  readonly what: string
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly distance: number
}

/** scikit-learn 1.9.1: adjusted_rand_score, adjusted_mutual_info_score; variation of information = H(a) + H(b) − 2 I, with its mutual_info_score. */
export const partitionOracles: readonly PartitionOracle[] = [
  {
    what: 'random, 60 items in 4 and 3',
    a: [
      3, 2, 2, 3, 2, 3, 3, 0, 0, 1, 1, 3, 3, 0, 1, 3, 0, 3, 0, 1, 3, 1, 1, 1, 2, 1, 3, 1, 1, 2, 2, 2, 2, 3, 3, 3, 2, 2,
      1, 3, 1, 0, 3, 0, 3, 2, 0, 0, 1, 0, 0, 2, 3, 1, 3, 3, 3, 2, 1, 2,
    ],
    b: [
      0, 1, 1, 0, 2, 0, 0, 0, 2, 2, 2, 0, 2, 1, 1, 0, 1, 2, 1, 0, 1, 0, 2, 2, 0, 1, 2, 2, 2, 1, 0, 2, 1, 0, 0, 1, 2, 1,
      1, 2, 2, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 2, 1, 1, 1, 2, 1, 1,
    ],
    adjustedRand: 0.016969903390758836,
    adjustedMutualInformation: 0.023924608752994556,
    variationOfInformation: 2.2830808684519788,
  },
  {
    what: 'random, 40 items in 10 and 2',
    a: [
      4, 6, 4, 6, 5, 6, 9, 1, 5, 4, 3, 2, 0, 4, 8, 0, 4, 9, 9, 2, 0, 6, 0, 3, 4, 8, 0, 6, 5, 1, 8, 8, 4, 9, 6, 9, 9, 5,
      2, 1,
    ],
    b: [
      1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0,
      1, 0,
    ],
    adjustedRand: 0.06818791946308725,
    adjustedMutualInformation: 0.13047633271740422,
    variationOfInformation: 2.242490427696249,
  },
  {
    what: 'near to one another',
    a: [
      2, 4, 0, 3, 3, 2, 0, 2, 2, 4, 3, 1, 0, 2, 1, 3, 4, 1, 4, 2, 2, 3, 3, 4, 4, 0, 2, 4, 1, 0, 2, 3, 3, 4, 3, 0, 4, 2,
      4, 4, 4, 0, 4, 3, 2, 3, 4, 2, 0, 3, 1, 1, 0, 0, 4, 1, 0, 0, 1, 1, 1, 4, 4, 2, 4, 1, 0, 1, 0, 4, 1, 2, 1, 4, 0, 2,
      4, 2, 4, 4,
    ],
    b: [
      2, 4, 0, 3, 3, 2, 0, 2, 2, 3, 3, 1, 0, 2, 1, 3, 4, 1, 4, 2, 2, 1, 3, 4, 4, 0, 2, 4, 1, 0, 2, 3, 3, 4, 3, 0, 4, 2,
      4, 4, 4, 0, 4, 3, 4, 3, 4, 2, 0, 3, 1, 1, 0, 0, 4, 1, 0, 0, 2, 1, 1, 4, 4, 2, 4, 1, 0, 1, 0, 4, 1, 2, 1, 4, 0, 2,
      4, 2, 4, 4,
    ],
    adjustedRand: 0.8797785920324316,
    adjustedMutualInformation: 0.873389164211934,
    variationOfInformation: 0.3724648074019603,
  },
  { what: 'one item', a: [0], b: [0], adjustedRand: 1.0, adjustedMutualInformation: 1.0, variationOfInformation: 0.0 },
  {
    what: 'all together in both',
    a: [0, 0, 0, 0, 0, 0, 0, 0],
    b: [0, 0, 0, 0, 0, 0, 0, 0],
    adjustedRand: 1.0,
    adjustedMutualInformation: 1.0,
    variationOfInformation: 0.0,
  },
  {
    what: 'all apart in both',
    a: [0, 1, 2, 3, 4, 5, 6, 7],
    b: [7, 6, 5, 4, 3, 2, 1, 0],
    adjustedRand: 1.0,
    adjustedMutualInformation: 1.0,
    variationOfInformation: 0.0,
  },
  {
    what: 'all together against all apart',
    a: [0, 0, 0, 0, 0, 0, 0, 0],
    b: [0, 1, 2, 3, 4, 5, 6, 7],
    adjustedRand: 0.0,
    adjustedMutualInformation: 0.0,
    variationOfInformation: 2.0794415416798357,
  },
  {
    what: 'all together against two',
    a: [0, 0, 0, 0, 0, 0, 0, 0],
    b: [0, 1, 0, 1, 0, 1, 0, 1],
    adjustedRand: 0.0,
    adjustedMutualInformation: 0.0,
    variationOfInformation: 0.6931471805599453,
  },
  {
    what: 'all apart against two',
    a: [0, 1, 2, 3, 4, 5, 6, 7],
    b: [0, 1, 0, 1, 0, 1, 0, 1],
    adjustedRand: 0.0,
    adjustedMutualInformation: 9.610279511444742e-16,
    variationOfInformation: 1.3862943611198912,
  },
  {
    what: 'independent by construction',
    a: [0, 0, 1, 1],
    b: [0, 1, 0, 1],
    adjustedRand: -0.5,
    adjustedMutualInformation: -0.49999999999999944,
    variationOfInformation: 1.3862943611198906,
  },
  {
    what: 'two items apart and together',
    a: [0, 1],
    b: [0, 0],
    adjustedRand: 0.0,
    adjustedMutualInformation: 0.0,
    variationOfInformation: 0.6931471805599453,
  },
  {
    what: 'one large group and single items',
    a: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3],
    b: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2],
    adjustedRand: 0.7468002225932109,
    adjustedMutualInformation: 0.6376431198710598,
    variationOfInformation: 0.4143080345942467,
  },
  {
    what: 'numbers with gaps',
    a: [5, 5, 9, 9, 2, 2],
    b: [7, 7, 7, 1, 1, 1],
    adjustedRand: 0.24242424242424243,
    adjustedMutualInformation: 0.2987924581708903,
    variationOfInformation: 0.8675632284814612,
  },
]

/** SciPy: ks_2samp(a, b).statistic. */
export const smirnovOracles: readonly SmirnovOracle[] = [
  {
    what: 'random',
    a: [
      1.130613, 0.157627, 0.047999, -0.053462, 0.0384, 0.805406, 0.552567, 0.215705, -1.042868, 0.511109, -0.684247,
      1.093846, -1.271051, -0.137621, -0.007358, -1.324646, 1.721972, 1.460407, -0.463584, 0.771721, 0.378676,
      -2.613559, 0.250398, -0.061344, 0.083217, -1.076875, -0.269347, -0.178259, 1.188094, 0.334427, -0.005555, 1.52897,
      -0.555248, -0.38943, -1.816755, 1.569106, 0.964332, 0.916848, 0.668898, 0.110149,
    ],
    b: [
      0.480136, -0.127609, -0.064681, 0.270595, 2.165378, 0.922394, 0.124002, -0.55321, -0.625498, 2.283517, 0.858693,
      0.287816, -0.250036, -1.241769, 0.11308, 1.335755, -0.310298, -0.095415, -0.087345, 0.342473, -1.870914,
      -0.106018, -0.910714, 1.349961, -0.801778,
    ],
    distance: 0.195,
  },
  {
    what: 'of few values, tied',
    a: [
      1, 0, 1, 0, 2, 3, 0, 0, 0, 0, 2, 2, 3, 1, 3, 3, 3, 0, 1, 3, 3, 0, 3, 3, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 2, 0, 1,
      2, 0, 3, 3, 1, 3, 1, 3, 2, 0, 0, 1,
    ],
    b: [4, 2, 3, 1, 3, 1, 5, 3, 5, 1, 1, 1, 3, 5, 4, 3, 5, 1, 1, 4, 5, 2, 2, 3, 4, 2, 5, 3, 4, 4],
    distance: 0.4,
  },
  {
    what: 'mostly zero',
    a: [
      0, 0, 0, 0.2819, 0, 0, 0, 0.9506, 0.4335, 0, 0.6921, 0, 0, 0, 0.209, 0, 0, 0, 0, 0, 0, 0.4687, 0, 0.7204, 0, 0,
      0.0848, 0, 0, 0, 0, 0, 0, 0.5507, 0, 0, 0.2222, 0, 0, 0,
    ],
    b: [
      0, 0.3734, 0.5459, 0, 0.3166, 0, 0.7705, 0.0567, 0.7328, 0.8174, 0, 0, 0, 0.2462, 0, 0, 0.6372, 0, 0, 0.5247, 0,
      0.2032, 0.9621, 0, 0.306, 0, 0, 0.4229, 0, 0, 0.1956, 0.1369, 0, 0, 0, 0, 0, 0, 0.7677, 0, 0, 0, 0, 0.4892,
      0.1417, 0, 0, 0.1357, 0, 0.1737, 0, 0.9617, 0, 0, 0, 0, 0.0151, 0.4582, 0, 0.2696,
    ],
    distance: 0.16666666666666663,
  },
  { what: 'one below the other', a: [1, 2, 3], b: [4, 5], distance: 1.0 },
  { what: 'one above the other', a: [9, 8], b: [1, 2, 3], distance: 1.0 },
  { what: 'one value each, the same', a: [3], b: [3], distance: 0.0 },
  { what: 'one value each, another', a: [3], b: [4], distance: 1.0 },
  { what: 'all the same', a: [2, 2, 2, 2, 2], b: [2, 2, 2, 2, 2, 2, 2, 2, 2], distance: 0.0 },
  {
    what: 'one against many',
    a: [0.5],
    b: [0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9, 1],
    distance: 0.4545454545454546,
  },
  { what: 'the same values in another order', a: [3, 1, 2, 2], b: [2, 3, 2, 1], distance: 0.0 },
  { what: 'below zero, with zeros of both signs', a: [-1.5, 0, 0, 2], b: [0, -3, 0], distance: 0.3333333333333333 },
]
