"""What readers of a blog say, thanks and praise above all, is shown; the same with something to sell is not.

No sentence here is among the samples that the seed is trained on.
"""

from bench.filter.examples import bare, own
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import features_of, score, verdict
from services.comments.domain.filter.seed import shipped_seed

HONEST = [
    Example("Great article, thanks for sharing"),
    Example("I like this article very much, it helped me a lot."),
    Example("Thank you, exactly what I was looking for."),
    Example("Really nice post!"),
    Example("Thanks, this is useful.", "Bea"),
    Example("Excellent explanation, keep up the good work."),
    Example("Love it."),
    Example("So true."),
    Example("Nice!"),
    Example("Same here."),
    Example("+1"),
    Example("Very good, I will try this at the weekend."),
    Example("I have been following your blog since the first post and I have never been disappointed."),
    Example("What a wonderful article. I will send it to my mother."),
    Example("Can you please explain the second step again?"),
    Example("How much did the new windows cost you?"),
    Example("Is there a way to get your posts by e-mail?"),
    Example("Small correction: Lisbon is not on the Mediterranean."),
    Example("I think the second date is wrong."),
    Example("Thanks for the tip about the ferry, we saved two hours!"),
    Example("I love your photos, which camera do you use?"),
    Example("Please tell us more about your trip."),
    Example("I will buy the book as soon as it is out."),
    Example("My friends and I enjoyed this so much that we booked the same hut."),
    Example("Looking forward to the next part!"),
    Example("Congratulations on ten years of this blog!", "Familie Kern"),
    Example("This made my day, thank you so much."),
    Example("I subscribed to your feed last week and I am glad I did."),
    Example("Good to know, I always wondered about that."),
    Example("Welcome back! We missed you."),
    Example("Thanks for sharing your experience with the clinic, it gave me courage."),
    Example("Awesome photos, wow."),
    Example("Very informative, thanks a lot.", "Henk"),
    Example("Could not agree more."),
    Example("Vielen Dank für den Beitrag, sehr gut geschrieben."),
    Example("Schöner Artikel! Ich freue mich auf den nächsten Teil.", "Renate"),
    Example("Merci beaucoup pour cet article, il m'a bien aidé."),
    Example("Gracias por el artículo, me ha gustado mucho."),
    Example("Grazie mille, articolo molto interessante."),
    Example("Muito bom o texto, parabéns!"),
    Example("Dank je wel, erg nuttig stuk."),
    Example("Bardzo dziękuję za ten wpis, świetnie napisane."),
    Example("Спасибо за статью, очень понравилось!"),
    Example("とても良い記事でした。ありがとうございます。"),
]
SELLING = [
    Example("Great article, thanks for sharing! Visit my website for cheap tyres http://tyres.example"),
    Example(
        "Thanks for sharing, very useful. Check out our online store https://shop-lamps.example",
        "Lamps Shop",
        "https://shop-lamps.example",
    ),
    Example("I like this article very much. If you want to earn money online contact me on Telegram"),
    Example("Nice post! Best dentist in Austin: http://dentist-austin.example"),
    Example("Very informative, thanks a lot.", "Cheap Web Hosting", "http://cheap-hosting.example"),
    Example("Amazing blog, please visit my blog too http://myblog.example"),
    Example("This is a wonderful article, I also recommend this casino: http://slots-royal.example"),
    Example("Good information. We provide SEO services at the lowest price, WhatsApp +44 7700 900123"),
    Example("Vielen Dank! Hier gibt es günstige Sonnenbrillen: http://brillen.example"),
    Example("Merci pour cet article, visitez notre boutique http://boutique.example"),
    Example("Love your photos! Follow me and like my page please"),
    Example("Thank you so much for the great content. Buy real followers here https://likes.example"),
    Example("Muy buen artículo, visita mi página http://prestamos.example préstamos rápidos"),
    Example(
        "Nice article sir, we are the best packers and movers in Pune, call now",
        "Packers Movers Pune",
        "http://packers.example",
    ),
]


def shown(examples: list[Example]) -> list[str]:
    """The texts."""
    return [one.text for one in examples if verdict(score(features_of(one), {}, shipped_seed())) == "live"]


def test_honest_comments_are_shown() -> None:
    assert shown(HONEST) == [one.text for one in HONEST]


def test_praise_that_sells_is_held() -> None:
    assert shown(SELLING) == []


def test_none_was_trained_on() -> None:
    trained = {(bare(one.example.text), one.example.author_name) for one in own()}
    assert not trained & {(bare(one.text), one.author_name) for one in HONEST + SELLING}
