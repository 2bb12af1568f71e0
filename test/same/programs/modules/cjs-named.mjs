// same: needs=file
import all, { a, b } from './parts/cjs-shape.cjs'; import * as ns from './parts/reexport.cjs'; console.log(typeof a, b, all.default ?? all, Object.keys(ns).sort());
