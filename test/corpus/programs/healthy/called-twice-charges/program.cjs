// Invoices are paid one after another; a card may be refused.
const queue = [];
let isBusy = false;

function push(invoice, callback) {
  queue.push([invoice, callback]);
  next();
}

function next() {
  if (isBusy || queue.length === 0) return;
  isBusy = true;
  const [invoice, callback] = queue.shift();
  pay(invoice, (error, receipt) => {
    isBusy = false;
    callback(error, receipt);
    next();
  });
}

function charge(invoice, callback) {
  setTimeout(() => callback(invoice.card === 'expired' ? new Error('refused') : null, invoice.id), 20);
}

function pay(invoice, done) {
  charge(invoice, (error, receipt) => {
    if (error) return done(error);
    done(null, receipt);
  });
}

for (const [id, card] of ['good', 'expired', 'good', 'good'].entries())
  push({ id, card }, (error, receipt) => console.log(id, error ? error.message : receipt));
