const hello = async () => 'hello';
console.log(await hello());
