import pytest

from quizapp.accounts.mail import mail_config
from quizapp.config import SettingError


def test_a_mail_address_with_a_user_asks_for_starttls_on_587() -> None:
    config = mail_config("smtp://quiz%40uni.example:p%2Fw@mail.uni.example")
    assert (config["MAIL_SERVER"], config["MAIL_PORT"]) == ("mail.uni.example", 587)
    assert (config["MAIL_USE_TLS"], config["MAIL_USE_SSL"]) == (True, False)
    assert (config["MAIL_USERNAME"], config["MAIL_PASSWORD"]) == ("quiz@uni.example", "p/w")
    assert config["MAIL_DEFAULT_SENDER"] == "quiz@uni.example"


def test_smtps_speaks_tls_from_the_start_and_smtp_without_a_user_is_a_plain_relay() -> None:
    assert mail_config("smtps://u:p@host")["MAIL_PORT"] == 465
    assert mail_config("smtps://u:p@host")["MAIL_USE_SSL"] is True
    relay = mail_config("smtp://localhost")
    assert (relay["MAIL_PORT"], relay["MAIL_USE_TLS"], relay["MAIL_USERNAME"]) == (25, False, None)
    assert relay["MAIL_DEFAULT_SENDER"] == "no-reply@localhost"


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port"])
def test_what_is_no_mail_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(SettingError, match="QUIZAPP_MAIL_URL: write smtp://"):
        mail_config(url)
