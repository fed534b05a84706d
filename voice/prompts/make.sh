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

# What menus say of themselves; the questions are a centre's own.
say language-nl nl "Voor Nederlands, toets één."
say language-en en-gb "For English, press two."
say wrong-key-nl nl "Dat is geen keuze in dit menu."
say wrong-key-en en-gb "That is not a choice in this menu."
say unreachable-nl nl "Dit nummer is nu niet bereikbaar. U wordt verbonden met een medewerker."
say unreachable-en en-gb "This number cannot be reached at the moment. You will be connected to one of our staff."
# The question of the demo's energy supplier.
say choose-energy-nl nl "Heeft u een storing, toets één. Voor alle andere vragen, toets twee."
say choose-energy-en en-gb "To report an outage, press one. For all other questions, press two."

# While waiting.
say position-nl nl "Uw plaats in de wachtrij is"
say position-en en-gb "Your place in the queue is"
say wait-nl nl "De verwachte wachttijd is ongeveer"
say wait-en en-gb "The expected waiting time is about"
say minutes-nl nl "minuten."
say minutes-en en-gb "minutes."
say wait-short-nl nl "De verwachte wachttijd is ongeveer een minuut."
say wait-short-en en-gb "The expected waiting time is about one minute."
say wait-long-nl nl "De verwachte wachttijd is meer dan een half uur."
say wait-long-en en-gb "The expected waiting time is more than half an hour."
say offer-callback-nl nl "Wilt u ophangen en teruggebeld worden, zonder uw plaats te verliezen? Toets één."
say offer-callback-en en-gb "To hang up and be called back without losing your place, press one."
say offer-voicemail-nl nl "Wilt u een bericht inspreken? Toets twee."
say offer-voicemail-en en-gb "To leave a message, press two."

# Being called back.
say callback-number-nl nl "Wij bellen u terug op"
say callback-number-en en-gb "We will call you back on"
say callback-confirm-nl nl "Klopt dat? Toets één. Voor een ander nummer, toets twee. Om te blijven wachten, toets sterretje."
say callback-confirm-en en-gb "If that is right, press one. For another number, press two. To stay on the line, press star."
say callback-type-nl nl "Toets het telefoonnummer in waarop wij u kunnen bellen, en daarna een hekje. Om te blijven wachten, toets sterretje."
say callback-type-en en-gb "Please enter the telephone number on which we can call you, followed by the hash key. To stay on the line, press star."
say number-wrong-nl nl "Op dit nummer kunnen wij u niet bellen."
say number-wrong-en en-gb "We cannot call you on that number."
say callback-promised-nl nl "Dank u wel. U houdt uw plaats, en wij bellen u zodra u aan de beurt bent. Tot zo."
say callback-promised-en en-gb "Thank you. You keep your place, and we will call you when it is your turn. Goodbye."
say place-kept-nl nl "U had nog een plaats in de wachtrij, en die heeft u weer. Blijf aan de lijn. Wij bellen u nu niet meer terug."
say place-kept-en en-gb "You still had a place in the queue, and you have it again. Please hold the line. We will no longer call you back."

# Messages.
say voicemail-nl nl "Spreek na de toon uw bericht in. Hang daarna op, of toets een hekje."
say voicemail-en en-gb "Please leave your message after the tone. Then hang up, or press the hash key."
say voicemail-thanks-nl nl "Dank u wel, uw bericht is ontvangen. Tot ziens."
say voicemail-thanks-en en-gb "Thank you, we have your message. Goodbye."
say voicemail-failed-nl nl "Een bericht achterlaten lukt nu niet. Belt u ons alstublieft later terug."
say voicemail-failed-en en-gb "Leaving a message is not possible at the moment. Please call again later."

# Numbers as they are spoken one by one: places and minutes to 30, and the digits of a telephone number.
n=1
while [ "$n" -le 30 ]; do
  say "number-$n-nl" nl "$n"
  say "number-$n-en" en-gb "$n"
  n=$((n + 1))
done
for n in 0 1 2 3 4 5 6 7 8 9; do
  say "digit-$n-nl" nl "$n"
  say "digit-$n-en" en-gb "$n"
done

# The Dutch ringing tone: 425 Hz, one second on, four off.
sox -R -n -r 8000 -c 1 -b 16 ring-tone.wav synth 1 sine 425 gain -12 fade t 0.005 1 0.005 pad 0 4
sox -R -n -r 8000 -c 1 -b 16 beep.wav synth 0.4 sine 1000 gain -9 fade t 0.005 0.4 0.005 pad 0.1 0.1
node hold-music.ts hold-music.wav
