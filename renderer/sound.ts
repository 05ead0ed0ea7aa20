let audio: AudioContext | null = null

/** Two soft tones, the second a fourth above the first. Nothing is fetched for them. */
export async function playTones(): Promise<void> {
  try {
    audio ??= new AudioContext()
    // A browser plays nothing before its page was touched.
    if (audio.state === 'suspended') await audio.resume()
    tone(audio, 587.33, 0)
    tone(audio, 783.99, 0.16)
  } catch {
    // No sound here; everything else goes on.
  }
}

function tone(context: AudioContext, frequency: number, after: number): void {
  const start = context.currentTime + after
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency })
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.09, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.5)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.55)
}

/** The same, from one of this browser's windows alone. */
export async function playTonesOnce(): Promise<void> {
  if (!navigator.locks) return playTones()
  await navigator.locks.request('countersign-sound', { ifAvailable: true }, async (lock) => {
    if (lock === null) return
    await playTones()
    await new Promise((resolve) => setTimeout(resolve, 1000))
  })
}
