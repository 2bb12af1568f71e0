// Letters are sent one after another; one without an address is told of.
const sent = [];

const steps = [
  function check(letter, callback) {
    callback(letter.to === '' ? new Error('no address') : null, letter);
  },
  function stamp(letter, callback) {
    setTimeout(() => callback(null, { ...letter, stamped: true }), 5);
  },
];

function send(letter, done) {
  let at = 0;
  const next = (error, current) => {
    if (error !== null) done(error);
    else if (at === steps.length) done(null, current);
    else steps[at++](current, next);
  };
  next(null, letter);
}

function sendAll(letters, whenAll) {
  const [first, ...rest] = letters;
  if (first === undefined) whenAll(sent.length);
  else
    send(first, (_, letter) => {
      sent.push(letter);
      sendAll(rest, whenAll);
    });
}

sendAll([{ to: 'ada' }, { to: 'mia' }, { to: '' }, { to: 'zoe' }], (count) => console.log('sent', count));
