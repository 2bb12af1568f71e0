async function f(x){return(await(x))}async function*g(){yield(1);yield[2];yield+3;yield`4`;const x=yield{a:5};return(x)}
async function h(c){if(c)return(await(f)(1));else(0,f)(2);do await(f(3));while(await(f(0)));for(const y of(await(f([1]))))console.log(y);for await(const y of(g()))console.log(y);switch(await(f(1))){case(await(f(1))):console.log('case')}try{throw(await(f(6)))}catch(e){console.log(e)}return void(await(0))}
async function i(){const a=async(x)=>(await(x)),b=async x=>await[x],c=async()=>{await(1)};return[await(a(1)),await(b(2)),await(c())]}
function*j(){yield(1);yield*[2,3];const x=yield;yield(x)}
h(0).then(console.log);h(1).then(console.log);i().then(console.log);console.log([...j()]);
