// same: ends=1 core
const fail = (value) => {
  throw new RangeError(`module ${value}`);
};
await null;
fail(2);
