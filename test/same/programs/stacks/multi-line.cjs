async function main() {
  const value = await
    compute(
      1,
      2,
    );
  return value;
}
async function compute(
  a,
  b,
) {
  await a;
  throw new Error(
    `sum ${a + b}`,
  );
}
main().catch((error) => console.log(error.stack));
