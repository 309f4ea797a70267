// The inner loops of k-means, in AssemblyScript: compiled to kmeans.wasm by `npm run build:kernels`, and called by ../fit-team.ts with
// addresses that ../fit-layout.ts lays out. Nothing is allocated here and nothing is checked here.
//
// pack.ts and place.ts read rows as they come (f64, row-major), a chunk at a time out of a thread's ../scratch.ts. To the others this applies:
//
// Rows lie in blocks of 4, dimension by dimension inside a block (f32): the value of row 4b + lane in dimension j is at
// rows + 16·(b·dimensions + j) + 4·lane. One load gives the same dimension of four rows, and no sum ever runs across lanes.
// Ranges [from, to) begin and end at multiples of 8; what lies beyond `rowCount` is padding and counts for nothing.
//
// Only the SIMD of WebAssembly 2.0 is used, whose results are the same bits on every processor. Relaxed SIMD would fuse multiplication and
// addition where the processor can: an eighth faster, and another result on another machine.

export { assignRows, sumRows } from './assign'
export { measureRows, takePoint, weighPoints } from './distances'
export { packRows, surveyRows } from './pack'
export { findNearest, sumByLabel } from './place'
