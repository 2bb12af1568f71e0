// gain: together 9-10
import { setTimeout as sleep } from 'node:timers/promises';

const find = async () => sleep(50, 7);
const orders = async (user) => sleep(70, [user]);
const friends = async (user) => sleep(80, [user]);

const user = await find();
const bought = await orders(user);
const known = await friends(user);
console.log(bought.length + known.length);
