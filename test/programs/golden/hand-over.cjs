// A queue made of promises: whoever puts ends the wait of whoever gets.
'use strict';
const items = [];
const getters = [];

function put(item) {
  const getter = getters.shift();
  if (getter) getter(item);
  else items.push(item);
}

async function get() {
  if (items.length > 0) return items.shift();
  return new Promise((resolve) => getters.push(resolve));
}

async function consumer() {
  for (let i = 0; i < 2; i++) console.log(await get());
}

async function producer() {
  for (let i = 0; i < 2; i++) {
    await null;
    put(i);
  }
}

consumer();
producer();
