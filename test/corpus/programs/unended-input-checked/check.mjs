import { text } from 'node:stream/consumers';

const addresses = (await text(process.stdin)).split('\n');
console.log(addresses.filter((address) => !address.includes('@')).join('\n'));
