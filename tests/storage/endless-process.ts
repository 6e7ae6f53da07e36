// A process that takes its job and never comes back, whatever it is told.
process.on('message', () => {
  for (;;) Math.random()
})
