// A sale is booked in one transaction, together with a line of the journal.
import { openStore } from './store.mjs';

const store = openStore({ connections: 1, waitMs: 900 });

async function noteInJournal(within, text) {
  await within.insert('journal', { text });
}

async function sell(article) {
  return store.transaction(async (within) => {
    await within.insert('sales', { article });
    await noteInJournal(within, `sold: ${article}`);
    return article;
  });
}

try {
  console.log(await sell('kettle'));
} catch (error) {
  console.log(error.message);
}
