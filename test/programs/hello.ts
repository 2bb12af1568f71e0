// The smallest traced program: one await, types everywhere.
interface Greeting {
  readonly text: string;
}
async function greet(name: string): Promise<Greeting> {
  await null;
  return { text: `hello ${name}` };
}
const greeting: Greeting = await greet('world');
console.log(greeting.text);
