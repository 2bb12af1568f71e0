export function job() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
  return 1;
}
