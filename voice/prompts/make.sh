#!/bin/sh
# Makes the prompts anew: spoken by espeak-ng, brought to telephone bandwidth and level by sox.
# Needs espeak-ng, sox and node 24. Run in this folder; the results are committed.
set -eu
cd "$(dirname "$0")"

# 8 kHz mono 16-bit, 300-3400 Hz, peaks 3 dB below full scale, a short breath before and after.
say() { # name voice text
  espeak-ng -v "$2" -s 150 -p 45 -g 4 --stdout "$3" |
    sox -R -t wav - -r 8000 -c 1 -b 16 -e signed-integer "$1.wav" \
      highpass 300 lowpass 3400 gain -10 compand 0.02,0.15 -50,-40,-30,-18,-10,-10 gain -n -3 pad 0.15 0.3
}
# Each line of texts.tsv: name, voice, text. The settings page of the desk shows the text.
while IFS="$(printf '\t')" read -r name voice text; do
  say "$name" "$voice" "$text" </dev/null
done <texts.tsv

# The Dutch ringing tone: 425 Hz, one second on, four off.
sox -R -n -r 8000 -c 1 -b 16 ring-tone.wav synth 1 sine 425 gain -12 fade t 0.005 1 0.005 pad 0 4
sox -R -n -r 8000 -c 1 -b 16 beep.wav synth 0.4 sine 1000 gain -9 fade t 0.005 0.4 0.005 pad 0.1 0.1
node hold-music.ts hold-music.wav
