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
say greeting-nl nl "Welkom. U wordt zo snel mogelijk te woord gestaan."
say greeting-en en-gb "Welcome. You will be connected to one of our staff as soon as possible."
say greeting-webshop-nl nl "Welkom bij Lindeboom Wonen. Fijn dat u belt. U wordt zo verbonden met een medewerker."
say greeting-energy-nl nl "Welkom bij Noorderlicht Energie. Houdt u uw klantnummer bij de hand? U wordt zo verbonden met een medewerker."
say all-busy-nl nl "Alle medewerkers zijn op dit moment in gesprek. Een ogenblik geduld alstublieft, u houdt uw plaats in de wachtrij."
say all-busy-en en-gb "All our staff are on the telephone at the moment. Please hold the line, you keep your place in the queue."
say closed-nl nl "Wij zijn op dit moment gesloten. Belt u ons alstublieft terug tijdens onze openingstijden."
say closed-en en-gb "We are closed at the moment. Please call again during our opening hours."
say goodbye-nl nl "Dank u wel voor uw telefoontje. Tot ziens."
say goodbye-en en-gb "Thank you for your call. Goodbye."
say recorded-nl nl "Dit gesprek wordt opgenomen. Wilt u dat niet, toets dan een negen, of zeg het onze medewerker."
say recorded-en en-gb "This call is recorded. If you do not want that, press nine, or tell our staff."
say recorded-by-law-nl nl "Dit gesprek wordt opgenomen, omdat de wet ons daartoe verplicht."
say recorded-by-law-en en-gb "This call is recorded, because the law obliges us to."

# The Dutch ringing tone: 425 Hz, one second on, four off.
sox -R -n -r 8000 -c 1 -b 16 ring-tone.wav synth 1 sine 425 gain -12 fade t 0.005 1 0.005 pad 0 4
sox -R -n -r 8000 -c 1 -b 16 beep.wav synth 0.4 sine 1000 gain -9 fade t 0.005 0.4 0.005 pad 0.1 0.1
node hold-music.ts hold-music.wav
