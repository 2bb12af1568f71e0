// Lists that are asked by async functions: what comes of it, and how errors describe the call.
const yes = async () => true;
async function no() {
  return false;
}
const xs = [3, 1, 2];
console.log(xs.filter(yes).length, xs.filter(async () => false), xs.some(no), xs.every(no));
console.log(xs.find(async (x) => x > 5), xs.findIndex(no), xs.findLast?.(no), [...xs].sort(async (a, b) => a - b));
console.log([xs, xs].map((each) => each.filter(yes).map((x) => x * 2).join()), xs?.filter(no)?.length);
for (const fails of [
  () => xs.filter(yes)(),
  () => xs.filter(yes).nothing(),
  () => xs.filter(yes).nothing.more,
  () => undefined.filter(yes),
  () => xs.filter(yes)`text`,
  () => ({}).find(yes),
  () => new (xs.filter(no))(),
]) {
  try {
    console.log(fails());
  } catch (error) {
    console.log(error.message);
  }
}
console.log((() => xs.filter(yes)).toString());
await null;
