// Each line of a list is looked up, and the sum is told when all are there.
const prices = new Map([['lamp', 30], ['chair', 45]]);

function lookUp(name, callback) {
  setTimeout(() => {
    const price = prices.get(name);
    if (price === undefined) {
      console.error('no price for', name);
      callback(new Error(`no price for ${name}`));
    }
    callback(null, price);
  }, 10);
}

let open = 3;
let sum = 0;
for (const name of ['lamp', 'sofa', 'chair'])
  lookUp(name, (error, price) => {
    if (error === null) sum += price;
    if (--open === 0) console.log('sum:', sum);
  });
