// same: ends=1 core
function fail(value) {
  throw new Error(`sync ${value}`);
}
fail(1);
