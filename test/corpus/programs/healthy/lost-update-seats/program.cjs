// Seats of a hall, kept by methods of an object.
const { setTimeout: delay } = require('node:timers/promises');

class Hall {
  constructor() {
    this.seats = new Map([['stalls', 20]]);
  }
  async getSeats(part) {
    await delay(4);
    return this.seats.get(part);
  }
  async setSeats(part, count) {
    await delay(4);
    this.seats.set(part, count);
  }
  sell(part) {
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.sellOne(part));
    return this.turn;
  }
  async sellOne(part) {
    const left = await this.getSeats(part);
    await this.setSeats(part, left - 1);
  }
}

const hall = new Hall();
Promise.all([1, 2, 3, 4].map(() => hall.sell('stalls'))).then(async () => console.log(await hall.getSeats('stalls')));
