// Members of a club pay and collect points; each is a row of its own.
import { setTimeout as delay } from 'node:timers/promises';

interface Member {
  readonly name: string;
  readonly paid: number;
  readonly points: number;
}
const table = new Map<number, Member>([
  [1, { name: 'ada', paid: 0, points: 0 }],
  [2, { name: 'bob', paid: 0, points: 0 }],
]);

const readMember = async (id: number): Promise<Member> => {
  await delay(8);
  return { ...table.get(id)! };
};
const writeMember = async (id: number, member: Member): Promise<void> => {
  await delay(12);
  table.set(id, member);
};

class Club {
  async pay(id: number, amount: number): Promise<void> {
    const member = await readMember(id);
    await writeMember(id, { ...member, paid: member.paid + amount });
  }
  async addPoints(id: number, points: number): Promise<void> {
    const member = await readMember(id);
    await writeMember(id, { ...member, points: member.points + points });
  }
  async checkIn(id: number): Promise<void> {
    await Promise.all([this.pay(id, 5), this.addPoints(id, 10)]);
  }
}

async function main(): Promise<void> {
  const club = new Club();
  await Promise.all([club.checkIn(1), club.checkIn(2)]);
  console.log(table.size);
}
void main();
