// A formatter hands what it is given to the former one, as it is and as copies.
const place = (site) => `${site.getFunctionName()} ${site.getLineNumber()}:${site.getColumnNumber()}`;

function copyOf(site) {
  const copy = {};
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(site))) {
    copy[name] = /^(?:is|get)/.test(name) ? () => site[name].call(site) : site[name];
  }
  copy.toString = () => `copy ${place(site)}`;
  return copy;
}

async function thrower() {
  await null; await null; throw new Error('thrown');
}
async function caller() { await null; await thrower(); }

const top = (stack) => String(stack).split('\n').slice(0, 3).join(' | ');

async function show(label) {
  try {
    await caller();
  } catch (error) {
    console.log(label, top(error.stack));
  }
}

(async () => {
  Error.prepareStackTrace = (error, trace) => `first ${trace.slice(0, 2).map(place).join(' | ')}`;
  const first = Error.prepareStackTrace;
  await show('alone');
  Error.prepareStackTrace = (error, trace) => `second ${first(error, trace)}`;
  await show('chained');
  Error.prepareStackTrace = (error, trace) => `third ${first(error, trace.map(copyOf))}`;
  await show('copied');
  Error.prepareStackTrace = (error, trace) =>
    first(error, trace.map((site) => Object.create(site, { getLineNumber: { value: () => 7 } })));
  try {
    await show('inherited');
  } catch (error) {
    console.log(error instanceof TypeError);
  }
})();
