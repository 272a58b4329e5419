// Preloaded into each child. The channel to the parent closes however the parent ends, SIGKILL included; the
// child leads its own process group, so this takes workerd and esbuild with it.
process.on("disconnect", () => {
  const group = process.platform === "win32" ? process.pid : -process.pid;
  process.kill(group, "SIGKILL");
});

// Listening for "disconnect" must not keep a child alive that has finished its work.
process.channel?.unref();

export {};
